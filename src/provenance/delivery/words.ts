import type { z } from 'zod';
import type { Declaration, DeliveryRow, verifyDeliveryOutputSchema } from '../delivery-schema.ts';

/** A declaration in lines: what was handed over, and the five answers with whose word they are. */
export function declarationWords({
  takes,
  answers,
  note,
  deliveredAt,
  deliveredBy,
  notice,
}: Declaration): string {
  return [
    `${takes.length} takes handed over ${deliveredAt} by ${deliveredBy}: ${takes.map(({ id }) => id).join(', ')}`,
    ...answers.flatMap(({ asks, answer, basis, saidBy, facts }) => [
      `${asks} ${answer}, ${basis === 'proved' ? 'proved' : `said by ${saidBy}`}`,
      ...facts.map((fact) => `  ${fact}`),
    ]),
    ...(note === null ? [] : [`Note: ${note}`]),
    notice,
  ].join('\n');
}

export const deliveryWords = ({ id, path, declaration }: DeliveryRow): string =>
  `${id}  ${path}\n${declarationWords(declaration)}`;

export const deliveriesWords = ({ deliveries }: { deliveries: readonly DeliveryRow[] }): string =>
  deliveries.map(deliveryWords).join('\n\n') || 'Nothing was handed over yet.';

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
