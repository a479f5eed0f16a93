import type { z } from 'zod';
import type {
  Declaration,
  DeliveryRow,
  deliveriesOutputSchema,
  VerifiedDelivery,
} from '../delivery-schema.ts';
import { signerWords } from '../key-words.ts';
import type { WithdrawnItem } from '../schema.ts';
import { withdrawnWords } from '../words.ts';

/** A declaration in lines: what was handed over, and the five answers with whose word they are. */
export const declarationWords = (declaration: Declaration): string =>
  [...saidWords(declaration), declaration.notice].join('\n');

/** A declaration without what it is not. */
function saidWords({ takes, answers, note, deliveredAt, deliveredBy }: Declaration): string[] {
  const ids = [...new Set(takes.map(({ id }) => id))];
  const names = new Set(takes.map(({ file }) => file));
  const files = ids.length === names.size ? '' : ` in ${names.size} files`;
  return [
    `${ids.length} takes handed over${files} ${deliveredAt} by ${deliveredBy}: ${ids.join(', ')}`,
    'As declared at hand-over:',
    ...answers.flatMap(({ asks, answer, basis, saidBy, facts }) => [
      `${asks} ${answer}, ${basis === 'proved' ? 'proved' : `said by ${saidBy}`}`,
      ...facts.map((fact) => `  ${fact}`),
    ]),
    ...(note === null ? [] : [`Note: ${note}`]),
  ];
}

/** What the declaration says was so when it was handed over; this is what has come since. */
const sinceWords = (item: WithdrawnItem): string => `${withdrawnWords(item)} It must not be used any more.`;

export const deliveryWords = ({ id, path, declaration }: DeliveryRow): string =>
  `${id}  ${path}\n${declarationWords(declaration)}`;

export function deliveriesWords({ deliveries, notice }: z.infer<typeof deliveriesOutputSchema>): string {
  const lines = deliveries.map(({ id, path, declaration, withdrawn }) =>
    [`${id}  ${path}`, ...withdrawn.map(sinceWords), ...saidWords(declaration)].join('\n'),
  );
  return [...(lines.length > 0 ? lines : ['Nothing was handed over yet.']), notice].join('\n\n');
}

export const verifiedDeliveryWords = ({
  folder,
  whole,
  declaration,
  problems,
  withdrawn,
  signedBy,
}: VerifiedDelivery): string =>
  [
    `${folder} is ${whole ? '' : 'NOT '}as it was handed over; ${signerWords(signedBy)}`,
    ...problems.map((line) => `  ${line}`),
    ...(withdrawn ?? []).map(sinceWords),
    declarationWords(declaration),
  ].join('\n');
