import { type Asked, readAsk } from '../../src/rights/ask.ts';
import { decide } from '../../src/rights/decide.ts';
import { decisionText } from '../../src/rights/digest.ts';
import type { Ledger } from '../../src/rights/index.ts';
import type { Signatures } from '../../src/rights/signature-store.ts';
import { OWNERS } from './catalogue.ts';

/**
 * Random shots of the catalogue, decided again in TypeScript: their rows are read back as ledgers, one for each
 * shot's title.
 */

type Row = Record<string, unknown>;
const file = { name: 'f', sha256: '' };
const place = { in: 0, out: 1, inTimecode: '00:00:00:00', outTimecode: '00:00:00:01' };

/** @returns shots on which TypeScript and SQL differ, in words */
export async function differingShots(db: Signatures, asked: Asked, count: number): Promise<string[]> {
  const read = reader(db);
  await db.connection.run(`CREATE OR REPLACE TEMP TABLE sampled AS
    SELECT shot, title FROM shots ORDER BY hash(shot, 77), shot LIMIT ${count}`);
  const decided = await read(`SELECT s.shot, s.title, d.text FROM sampled s
    JOIN decisions USING (shot) JOIN signature_decisions d USING (signature)`);
  const ledgers = await ledgersOf(read);
  const cast = await byShot(read, 'seen', 'appearance', 'appearances');
  const things = await byShot(read, 'present', 'material', 'materials');
  return decided.flatMap(({ shot, title, text }) => {
    const own = { appearances: cast.get(shot) ?? [], materials: things.get(shot) ?? [] };
    const mine = decisionText(decideShot(ledgers(title), own, title, asked));
    return mine === text ? [] : [`shot ${shot}: TypeScript ${mine}, SQL ${text}`];
  });
}

type Read = (sql: string) => Promise<Row[]>;

const reader =
  ({ connection }: Signatures): Read =>
  async (sql) =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];

function decideShot(
  ledger: Ledger,
  own: { appearances: Row[]; materials: Row[] },
  title: unknown,
  asked: Asked,
) {
  const here = (row: Row) => ({ ...row, file: 'f', shots: 'all', title: `t${title}` });
  const document = {
    ...ledger,
    appearances: own.appearances.map(here),
    materials: own.materials.map(here),
  } as unknown as Ledger;
  const match = title === null ? { unknown: 'unknown' } : { title: `t${title}` };
  return decide({
    ...asked,
    use: readAsk(asked).use,
    ledger: document,
    title: match,
    shot: { ...place, file },
  });
}

const moment = (ms: unknown): string | undefined =>
  ms === null || ms === undefined ? undefined : new Date(Number(ms)).toISOString();

/** A row's terms as the ledger writes them. */
const termsOf = (row: Row) => ({
  ...row,
  id: row.key,
  uses: row.uses ?? 'all',
  from: moment(row.starts),
  until: moment(row.ends),
  withdrawn: moment(row.withdrawn),
  models: row.models ?? undefined,
  trainers: row.trainers ?? undefined,
  outputs: row.outputs ?? undefined,
});

async function byShot(read: Read, table: string, column: string, of: string): Promise<Map<unknown, Row[]>> {
  const person = of === 'appearances' ? "'p' || r.party AS party" : `'p' || r.title % ${OWNERS} AS owner`;
  const rows = await read(`SELECT x.shot, r.key AS id, ${person},
      CASE WHEN r.confirmed THEN 'confirmed' ELSE 'proposed' END AS status
    FROM ${table} x JOIN sampled USING (shot) JOIN ${of} r ON r.no = x.${column}`);
  return Map.groupBy(rows, ({ shot }) => shot);
}

/** Rows of a table by the number of the sampled title that they are linked to. */
const linked = async (read: Read, table: string, links: string): Promise<Map<unknown, Row[]>> =>
  Map.groupBy(
    (
      await read(`SELECT DISTINCT l.title, t.* FROM ${table} t JOIN ${links} l ON l.no = t.no
        WHERE l.title IN (SELECT title FROM sampled)`)
    ).map(termsOf),
    (row) => (row as Row).title,
  );

/** Rows by the title that they are about, as the database has them. */
interface Sampled {
  titles: Map<unknown, Row>;
  owners: Map<unknown, Row[]>;
  rows: Record<
    'grants' | 'licences' | 'restrictions' | 'approvals' | 'obligations' | 'consents' | 'listings',
    Map<unknown, Row[]>
  >;
  parties: Row[];
  everywhere: Row[];
}

async function sampledRows(read: Read): Promise<Sampled> {
  const sampled = 'SELECT title FROM sampled';
  const titles = await read(`SELECT * FROM titles WHERE no IN (${sampled})`);
  return {
    titles: new Map(titles.map((row) => [row.no, row])),
    owners: Map.groupBy(await read(`SELECT * FROM owners WHERE title IN (${sampled})`), (row) => row.title),
    rows: {
      grants: await linked(read, 'grants', 'grant_titles'),
      licences: await licencesOf(read),
      restrictions: await linked(read, 'restrictions', 'restriction_titles'),
      approvals: await linked(read, 'approvals', 'approval_titles'),
      obligations: await linked(read, 'obligations', 'obligation_titles'),
      consents: await linked(read, 'consents', 'consent_titles'),
      listings: Map.groupBy(
        (await read(`SELECT * FROM listings WHERE title IN (${sampled})`)).map(termsOf),
        (row) => (row as Row).title,
      ),
    },
    parties: (await read('SELECT * FROM parties WHERE withdrawn IS NOT NULL')).map(termsOf),
    everywhere: (await read('SELECT * FROM restrictions WHERE everywhere')).map(termsOf),
  };
}

/** Whoever imposes it approves it: the catalogue has no representatives. */
const approvable = (row: Row) => ({
  ...{ imposedBy: 'imposer', reason: 'no' },
  unless: row.approvable ? 'approved' : undefined,
});

async function ledgersOf(read: Read): Promise<(title: unknown) => Ledger> {
  const { titles, owners, rows, parties, everywhere } = await sampledRows(read);
  return (title) => {
    const own = (from: keyof typeof rows, parts: (row: Row) => object) =>
      (rows[from].get(title) ?? []).map((row) => ({ ...row, titles: [`t${title}`], ...parts(row) }));
    const shares = (owners.get(title) ?? []).map(({ party }) => ({ party: `p${party}` }));
    const listings = (kind: string) =>
      own('listings', (row) => ({ title: `t${title}`, on: moment(row.starts), kind: row.kind })).filter(
        (row) => (row as Row).kind === kind,
      );
    const by = ({ grantor }: Row) => ({ grantor: `p${grantor}` });
    return {
      version: 1,
      parties,
      titles: titles.has(title) ? [titleOf(titles.get(title) ?? {}, shares)] : [],
      grants: [
        ...own('grants', by),
        ...own('licences', (row) => ({ ...by(row), materials: [`m${row.material}`] })),
      ],
      restrictions: [
        ...own('restrictions', approvable),
        ...everywhere.map((row) => ({ ...row, titles: 'all', ...approvable(row) })),
      ],
      approvals: own('approvals', ({ restriction }) => ({ restriction: `r${restriction}`, by: 'imposer' })),
      casts: listings('cast'),
      inventories: listings('materials'),
      policies: [],
      obligations: own('obligations', (row) => ({ due: moment(row.due), done: moment(row.done), to: 'p0' })),
      consents: own('consents', consentOf),
    } as unknown as Ledger;
  };
}

/** Of a share that is not whole only that is said. */
const titleOf = (row: Row, shares: { party: string }[]) => ({
  id: row.key,
  name: row.key,
  files: ['f'],
  withdrawn: moment(row.withdrawn),
  shares: shares.map(({ party }) => ({
    party,
    share: row.whole ? `1/${shares.length}` : `1/${shares.length + 1}`,
  })),
});

const consentOf = ({ party, given, replica }: Row) => ({
  party: `p${party}`,
  answer: given ? 'given' : 'refused',
  described: replica ? 'a replica' : undefined,
  advisedBy: replica ? 'union' : undefined,
});

const licencesOf = async (read: Read): Promise<Map<unknown, Row[]>> =>
  Map.groupBy(
    (
      await read(`SELECT m.title, l.material, g.* FROM licences l
        JOIN grants g ON g.no = l.no JOIN materials m ON m.no = l.material
        WHERE m.title IN (SELECT title FROM sampled)`)
    ).map(termsOf),
    (row) => (row as Row).title,
  );
