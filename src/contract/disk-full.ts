import { BacklotError, messageOf } from './errors.ts';

/** How the system, PostgreSQL and the embedded database's file system say that there is no room. */
const CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT', '53100'];
/** ENOSPC and EDQUOT as WebAssembly counts them. */
const WASM_NUMBERS: readonly unknown[] = [51, 19];
const WORDS = /no space left on device|disk quota exceeded/i;

/** Long enough for a path and a reason; a failed query has pages. */
const MOST_TOLD = 200;

/**
 * The error, or `disk-full` where what was missing is room, however deep the error says so.
 * @param where the folder whose disk is full
 */
export function nameDiskFull(error: unknown, where: string): unknown {
  const chain = chainOf(error);
  const full = chain.find(saysFull);
  if (full === undefined || chain.some((one) => codeOf(one) === 'disk-full')) return error;
  return new BacklotError(
    'disk-full',
    {
      expected: 'room on the disk',
      where,
      found: full instanceof Error ? messageOf(full).slice(0, MOST_TOLD) : 'none left',
      remedy: 'Free some and run the command again: it goes on where it stopped, and nothing was lost.',
    },
    error,
  );
}

/** An error and the causes below it. */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let one = error; one && !chain.includes(one); one = (one as { cause?: unknown }).cause)
    chain.push(one);
  return chain;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

function saysFull(error: unknown): boolean {
  const { code, name, errno } = error as { code?: unknown; name?: unknown; errno?: unknown };
  if (CODES.includes(code)) return true;
  if (name === 'ErrnoError' && WASM_NUMBERS.includes(errno)) return true;
  return error instanceof Error && WORDS.test(error.message);
}
