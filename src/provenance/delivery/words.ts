import type { z } from 'zod';
import type {
  Declaration,
  DeliveryRow,
  deliveriesOutputSchema,
  verifyDeliveryOutputSchema,
} from '../delivery-schema.ts';

/** A declaration in lines: what was handed over, and the five answers with whose word they are. */
export const declarationWords = (declaration: Declaration): string =>
  [...saidWords(declaration), declaration.notice].join('\n');

/** A declaration without what it is not. */
function saidWords({ takes, answers, note, deliveredAt, deliveredBy }: Declaration): string[] {
  const ids = [...new Set(takes.map(({ id }) => id))];
  const files = ids.length === takes.length ? '' : ` in ${takes.length} files`;
  return [
    `${ids.length} takes handed over${files} ${deliveredAt} by ${deliveredBy}: ${ids.join(', ')}`,
    ...answers.flatMap(({ asks, answer, basis, saidBy, facts }) => [
      `${asks} ${answer}, ${basis === 'proved' ? 'proved' : `said by ${saidBy}`}`,
      ...facts.map((fact) => `  ${fact}`),
    ]),
    ...(note === null ? [] : [`Note: ${note}`]),
  ];
}

export const deliveryWords = ({ id, path, declaration }: DeliveryRow): string =>
  `${id}  ${path}\n${declarationWords(declaration)}`;

export function deliveriesWords({ deliveries, notice }: z.infer<typeof deliveriesOutputSchema>): string {
  const lines = deliveries.map(({ id, path, declaration }) =>
    [`${id}  ${path}`, ...saidWords(declaration)].join('\n'),
  );
  return [...(lines.length > 0 ? lines : ['Nothing was handed over yet.']), notice].join('\n\n');
}

export const verifiedDeliveryWords = ({
  folder,
  whole,
  declaration,
  problems,
}: z.infer<typeof verifyDeliveryOutputSchema>): string =>
  [
    whole ? `${folder} is as it was handed over` : `${folder} is NOT as it was handed over`,
    ...problems.map((line) => `  ${line}`),
    declarationWords(declaration),
  ].join('\n');
