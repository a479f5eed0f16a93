import type { CatalogFile, Mark } from '../catalog/index.ts';
import { matchTitle, type NamedFile } from './match.ts';
import type { Ledger, Restriction } from './schema.ts';
import { concerns } from './scope.ts';
import type { Use } from './uses.ts';

/** What of a catalogued file its marks are read from. */
export type MarkedFile = NamedFile & { marks: readonly Mark[] };

export const markedOf = (file: NamedFile, { facts }: CatalogFile): MarkedFile => ({
  ...file,
  marks: facts.marks ?? [],
});

/** Any training, and what is made to train on. */
const training: readonly Use[] = ['train.foundation', 'train.style', 'train.performer', 'distil'];

/** Uses that an entry of CAWG's assertion speaks of, by the end of its name. */
export const cawgUses: Readonly<Record<string, readonly Use[]>> = {
  data_mining: ['index'],
  ai_inference: ['eval', 'condition'],
  ai_training: training,
  ai_generative_training: training,
};

/** Everything but finding things again. */
const allButSearch: readonly Use[] = [
  ...training,
  'eval',
  'condition',
  'generate.previz',
  'generate.ad',
  'generate.replica',
  'generate.synthetic_performer',
  'sublicense',
];

/** Uses that a value of IPTC's Data Mining property speaks of; every other value: all. */
export const byValue: Readonly<Record<string, readonly Use[]>> = {
  'DMI-PROHIBITED-AIMLTRAINING': training,
  'DMI-PROHIBITED-GENAIMLTRAINING': training,
  'DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING': allButSearch,
};

/**
 * The ledger with what its titles' files say about themselves, as restrictions on the title. A row of the ledger with the
 * same id stands in the place of one for the titles that it names: so a person can say that the file's word is settled.
 * @param files all catalogued files
 */
export function withMarks(ledger: Ledger, files: readonly MarkedFile[]): Ledger {
  const marked = files.filter(({ marks }) => marks.some(isLimiting));
  if (marked.length === 0) return ledger;
  const known = new Map(ledger.restrictions.map((row) => [row.id, row]));
  const found = marked.flatMap((file) => {
    const match = matchTitle(ledger, file, files);
    return 'title' in match ? restrictionsOf(file, match.title) : [];
  });
  const added = found.flatMap(({ title, rule }) => besideKnown(known, rule, title));
  return { ...ledger, restrictions: [...ledger.restrictions, ...added] };
}

/** A film's word, unless a row settles it: of its id or, where that one is said of a title which the film was of once, of the id under which it is told then. */
function besideKnown(
  known: ReadonlyMap<string, Restriction>,
  rule: Restriction,
  title: string,
): Restriction[] {
  const [of, isSettling] = [`-of-${title}`, (row?: Restriction) => row && concerns(row, title)];
  if ([rule.id, rule.id + of].some((id) => isSettling(known.get(id)))) return [];
  let { id } = rule;
  // Two rows of one id would be one to SQL.
  while (known.has(id)) id += of;
  return [{ ...rule, id }];
}

const isLimiting = (mark: Mark): boolean => mark.permission !== 'allowed' && usesOf(mark) !== null;

const restrictionsOf = (file: MarkedFile, title: string): { title: string; rule: Restriction }[] =>
  file.marks.filter(isLimiting).map((mark) => ({ title, rule: restrictionOf(mark, file, title) }));

function restrictionOf(mark: Mark, { name, sha256 }: NamedFile, title: string): Restriction {
  const { says, permission, info } = mark;
  const uses = usesOf(mark) ?? 'all';
  const row = { id: `file-${sha256.slice(0, 12)}-${says}`, titles: [title], territories: ['world'] };
  const reason = `${name} itself says ${says}: ${wordOf(permission)}${info ? ` (${info})` : ''}`;
  const rule = { ...row, uses: uses === 'all' ? uses : [...uses], reason };
  return permission === 'notAllowed' ? rule : { ...rule, unless: 'approved' };
}

const wordOf = (permission: Mark['permission']): string =>
  ({
    allowed: 'allowed',
    notAllowed: 'not allowed',
    constrained: 'only as agreed',
    unreadable: 'what nobody can read',
  })[permission];

/** Null: an entry of somebody's own, which speaks of no use that is known here. */
function usesOf({ standard, says, permission }: Mark): readonly Use[] | 'all' | null {
  if (permission === 'unreadable') return 'all';
  if (standard === 'iptc.data-mining') return byValue[says] ?? 'all';
  const [space = '', entry = ''] = says.split(/\.(.*)/);
  return space === 'cawg' || space === 'c2pa' ? (cawgUses[entry] ?? 'all') : null;
}
