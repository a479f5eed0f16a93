import type { Operation } from './context.ts';

/** `/api/<stage>/<verb>`, or `/api/<name>` for an operation of no stage. */
export const urlOf = (operation: Pick<Operation, 'name'>): string =>
  `/api/${operation.name.replaceAll('.', '/')}`;
