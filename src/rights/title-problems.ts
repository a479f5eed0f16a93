import { isRow, listOf, type Problem, problem, rowsOf, shown, textOf } from './raw.ts';
import { shareSchema } from './schema.ts';
import { exceedsWhole, parseShare, percentOf, sumShares } from './shares.ts';
import { successorsIn } from './successors.ts';

type Row = Record<string, unknown>;

export function shareProblems(raw: unknown): Problem[] {
  return rowsOf(raw, 'titles').flatMap((title, i) => {
    const shares = listOf(title.shares).filter(isRow);
    return [...sumProblems(shares, i), ...ownerProblems(shares, i)];
  });
}

function sumProblems(shares: readonly Row[], title: number): Problem[] {
  const good = shares.flatMap(({ share }) => (shareSchema.safeParse(share).success ? String(share) : []));
  const sum = sumShares(good);
  if (!exceedsWhole(sum)) return [];
  return [
    problem(['titles', title, 'shares'], 'shares of at most 100 % together', percentOf(sum), 'Correct them.'),
  ];
}

function ownerProblems(shares: readonly Row[], title: number): Problem[] {
  const parties = shares.map((share) => share.party);
  return shares.flatMap(({ party, share }, j) => {
    const path = ['titles', title, 'shares', j];
    const empty = shareSchema.safeParse(share).success && parseShare(String(share)).num === 0n;
    const twice = textOf(party) !== undefined && parties.indexOf(party) < j;
    return [
      ...(empty ? [problem(path, 'a share above zero', shown(share), 'Correct it or remove the row.')] : []),
      ...(twice ? [problem(path, 'each owner once', `${shown(party)} twice`, 'Add the shares up.')] : []),
    ];
  });
}

/** A file belongs to one title: named twice, nobody could say to which. Those of a replaced title that its replacement names are that one’s. */
export function fileProblems(raw: unknown): Problem[] {
  const seen = new Map<string, string>();
  const titles = rowsOf(raw, 'titles');
  const filesOf = new Map(titles.map(({ id, files }) => [textOf(id), listOf(files)]));
  const successors = successorsIn(titles);
  return titles.flatMap((title, i) => {
    if (isWithoutFiles(title)) return [fileless(i)];
    const id = textOf(title.id) ?? '';
    const now = successors(id).flatMap((by) => (by === id ? [] : (filesOf.get(by) ?? [])));
    const taken = new Set(now.map((file) => textOf(file)?.normalize('NFC')));
    return listOf(title.files).flatMap((file, j) => {
      const name = textOf(file)?.normalize('NFC');
      if (name === undefined || taken.has(name)) return [];
      const first = seen.get(name);
      seen.set(name, first ?? `titles[${i}].files[${j}]`);
      if (first === undefined) return [];
      const remedy = 'Keep it in one title; two different files of one name are told apart by their sha256.';
      return problem(['titles', i, 'files', j], 'a file named once', `"${name}", also in ${first}`, remedy);
    });
  });
}

const isWithoutFiles = ({ files, withdrawn }: Row): boolean =>
  Array.isArray(files) && files.length === 0 && withdrawn === undefined;

const fileless = (title: number): Problem =>
  problem(
    ['titles', title, 'files'],
    'at least one file',
    'none',
    'Name its films; only a withdrawn title may have none left.',
  );

/** A grant by somebody who owns nothing of the title would never count: said here, not found out later. */
export function grantProblems(raw: unknown): Problem[] {
  const owners = new Map(rowsOf(raw, 'titles').map((t) => [t.id, ownersIn(t)]));
  return rowsOf(raw, 'grants').flatMap(({ grantor, titles, materials }, i) =>
    (materials === undefined ? listOf(titles) : []).flatMap((title, j) => {
      const known = owners.get(title);
      if (known === undefined || textOf(grantor) === undefined || known.includes(grantor)) return [];
      const remedy = `Write what part of ${shown(title)} it owns in the shares, or correct the grantor.`;
      return problem(
        ['grants', i, 'titles', j],
        'a title of which the grantor owns a share',
        shown(grantor),
        remedy,
      );
    }),
  );
}

/** Who owns some of a title, or did by its chain. */
const ownersIn = ({ shares, chain }: Row): unknown[] => [
  ...listOf(shares).map((share) => (isRow(share) ? share.party : null)),
  ...listOf(chain).flatMap((transfer) => (isRow(transfer) ? [transfer.from, transfer.to] : [])),
];

/** A licence by somebody who does not own the material would never count either. */
export function licenceProblems(raw: unknown): Problem[] {
  const owners = new Map(rowsOf(raw, 'materials').map(({ id, owner }) => [id, owner]));
  return rowsOf(raw, 'grants').flatMap(({ grantor, materials }, i) =>
    listOf(materials).flatMap((id, j) => {
      const owner = owners.get(id);
      if (!owners.has(id) || owner === grantor) return [];
      const path = ['grants', i, 'materials', j];
      const remedy = `Write the owner of ${shown(id)} in materials, or correct the grantor.`;
      return problem(path, 'material that the grantor owns', `an owner ${shown(owner)}`, remedy);
    }),
  );
}
