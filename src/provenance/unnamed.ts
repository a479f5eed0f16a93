import { BacklotError } from '../contract/index.ts';
import { filesOf, listTakes, takesBehind, takesOfFiles } from '../generate/index.ts';
import { type Context, fileHash } from '../jobs/index.ts';
import { readAnchors } from './anchors.ts';
import { takesShownBeside } from './find.ts';
import { keepPrints } from './print/keep.ts';
import { isUnreadable } from './print/read.ts';
import { readSignature } from './signature.ts';
import { takesNamedIn } from './signed-facts.ts';

/** What files are themselves, whatever is said of them. */

interface Source {
  source: string;
}

/**
 * A file that is to be signed as made of some takes must not be, say of itself or show another one: then that one's rights, lineage and withdrawals would
 * be left behind (ADR 0163). What the named ones were drawn from, they may show; and a brief that is drawn twice from one seed gives two takes
 * of the same bytes.
 * @throws BacklotError `take-unnamed`
 */
export async function refuseUnnamed(
  context: Context,
  sources: readonly Source[],
  takes: readonly string[],
): Promise<void> {
  const given = (await listTakes(context.db, takes)).flatMap(filesOf);
  const behind = await takesBehind(context.db, given);
  const named = new Set([...takes, ...behind.map(({ id }) => id)]);
  await keepPrints(context);
  for (const [done, { source }] of sources.entries()) {
    context.report({ phase: 'what the files are', done, total: sources.length, unit: 'files' });
    const others = await othersIn(context, source, named);
    if (others) throw unnamed(source, others);
  }
}

interface Others {
  takes: string[];
  by: string;
  /** It is of one of them: a picture does not tell which. */
  oneOf: boolean;
}

/** The first of the three that tells of one. */
async function othersIn(
  context: Context,
  source: string,
  named: ReadonlySet<string>,
): Promise<Others | null> {
  const asked: [by: string, ask: () => Promise<Shown>][] = [
    ['by its bytes', async () => ({ takes: await knownBytes(context, source, named) })],
    ['by the manifest that came with it', async () => ({ takes: await said(context, source) })],
    ['by what it shows', () => shown(context, source, named)],
  ];
  for (const [by, ask] of asked) {
    context.signal.throwIfAborted();
    const { takes: found, still = false } = await ask();
    const takes = [...new Set(found)].filter((take) => !named.has(take)).sort();
    if (takes.length > 0) return { takes, by, oneOf: still && takes.length > 1 };
  }
  return null;
}

type Shown = { takes: string[]; still?: boolean };

async function knownBytes({ db }: Context, source: string, named: ReadonlySet<string>): Promise<string[]> {
  const sha256 = await fileHash(source);
  if ((await listTakes(db, [...named])).some(({ videoSha256 }) => videoSha256 === sha256)) return [];
  const known = await takesOfFiles(db, [sha256]);
  // What a given copy was found to show is looked at anew, beside the takes that are named.
  return known.flatMap(({ id, by }) => (by === 'bytes' ? [id] : []));
}

/** A file in which no manifest can be read has none to ask: whether it can be signed, signing tells. */
async function said({ db, paths }: Context, source: string): Promise<string[]> {
  const { reading } = await readSignature(source, await readAnchors(paths.keys)).catch(unread);
  return reading ? (await listTakes(db, takesNamedIn(reading))).map(({ id }) => id) : [];
}

function unread(error: unknown): { reading: null } {
  if (error instanceof BacklotError && error.code === 'file-unreadable') return { reading: null };
  throw error;
}

/** Of what is too short, too long or cannot be decoded nobody can tell. */
const shown = (context: Context, source: string, named: ReadonlySet<string>): Promise<Shown> =>
  takesShownBeside(context, source, named).catch((error: unknown) => {
    if (isUnreadable(error)) return { takes: [] };
    throw error;
  });

function unnamed(where: string, { takes, by, oneOf }: Others): BacklotError {
  const options = takes.map((take) => `--take ${take}`).join(oneOf ? ' or ' : ' ');
  return new BacklotError('take-unnamed', {
    expected: 'a file that is of the takes that are named alone',
    where,
    found: `${by} also take ${takes.join(oneOf ? ' or take ' : ' and take ')}`,
    remedy: `Name what it was made of: ${options}, beside others with --derivation composite. What is said, decided and withdrawn of all of them counts then.`,
  });
}
