import type { Model, Origin } from './schema.ts';

/** A word in a line. */
export const originWords = ({ maker, licence, learnedFrom, who, at }: Origin): string =>
  `learned from (declared, not proved): ${learnedFrom}; made by ${maker}, licence ${licence}, said by ${who} ${at.slice(0, 10)}`;

/** What to do where nobody has said anything. */
export const undeclaredWords = ({ id }: Pick<Model, 'id'>): string =>
  `nobody has said what it learned from: no takes are drawn before \`backlot model declare ${id} --maker ... --licence ... --learned-from ...\``;
