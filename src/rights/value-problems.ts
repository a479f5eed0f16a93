import { moneySchema, saysAll } from './field-schema.ts';
import { idFault } from './identifiers.ts';
import { amountFault } from './money.ts';
import { isRow, listOf, type Problem, problem, rowsOf, type Section, shown, textOf } from './raw.ts';

/**
 * What is wrong with a value by itself, beyond its shape. Not part of the schema: rows that were recorded before this
 * was looked at must still be readable.
 */
export const valueProblems = (raw: unknown, section: Section): Problem[] =>
  rowsOf(raw, section).flatMap((row, i) => [
    ...idFaults(row.ids, [section, i, 'ids']),
    ...amountFaults(row.amount, [section, i, 'amount']),
    ...allFaults(row.models, [section, i, 'models']),
  ]);

/** Minor units are what is counted, so that nothing is rounded. */
function amountFaults(amount: unknown, path: Problem['path']): Problem[] {
  if (!moneySchema.safeParse(amount).success) return [];
  const expected = amountFault(String(amount));
  return expected === undefined ? [] : [problem(path, expected, shown(amount), 'Correct it.')];
}

const idFaults = (ids: unknown, path: Problem['path']): Problem[] =>
  listOf(ids).flatMap((given, j) => {
    const { scheme, value } = isRow(given) ? given : {};
    const expected = idFault(String(scheme), textOf(value) ?? '');
    if (textOf(value) === undefined || expected === undefined) return [];
    const remedy = 'Correct it, or write it down with the scheme internal.';
    return [problem([...path, j, 'value'], expected, shown(value), remedy)];
  });

/** A ban on a model called "Any" would keep off nothing. */
const allFaults = (models: unknown, path: Problem['path']): Problem[] =>
  listOf(models).flatMap((name, j) => {
    if (!saysAll(textOf(name) ?? '')) return [];
    const remedy = 'Leave models out where it is for all of them; in a register, leave the cell empty.';
    return [problem([...path, j], 'the name of one model', shown(name), remedy)];
  });
