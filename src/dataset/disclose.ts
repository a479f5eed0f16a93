import { type CatalogFile, listFiles } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import type { Db } from '../db/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import type { DiscloseInput, Disclosure, Disclosures, Prices, Tokens } from './caption-schema.ts';
import { disclosureRows, insertDisclosure, sentByTitle } from './caption-store.ts';
import { notLegalAdvice } from './schema.ts';

/**
 * Records that pictures of a title may be sent to an endpoint, or no longer, with its row in the audit log.
 * @throws BacklotError `no-such-title`, `two-titles`, `not-encrypted`
 */
export async function disclose(context: Context, input: DiscloseInput): Promise<Disclosure> {
  const { db, who } = context;
  const title = titleNamed(await listFiles(db), input.title);
  const { endpoint, operator, territory } = input;
  if (!input.stop) mustBeEncrypted(endpoint, operator);
  const row = { titleId: title.id, endpoint, operator, territory, allowed: !input.stop, who };
  const id = await db.transaction(async (tx) => {
    const details = { title: title.name, endpoint, operator, territory, allowed: row.allowed };
    await appendAudit(tx, { who, what: 'dataset.disclose', subject: title.id, details });
    return insertDisclosure(tx, row);
  });
  return (await disclosures(context)).disclosures.find((known) => known.id === id) as Disclosure;
}

/** Every permission that was given or taken back, the newest first. */
export async function disclosures({ db }: Pick<Context, 'db'>, prices: Prices = {}): Promise<Disclosures> {
  const names = new Map((await listFiles(db)).map(({ titleId, titleName }) => [titleId, titleName]));
  const rows = await disclosureRows(db);
  const named = rows.map((row) => ({ ...row, title: names.get(row.titleId) ?? row.titleId }));
  const totals = (await sentByTitle(db)).map(({ titleId, sent, tokens }) => {
    return { title: names.get(titleId) ?? titleId, sent, tokens, cost: costOf(tokens, prices) };
  });
  return { disclosures: named, totals, notice: notLegalAdvice };
}

const million = 1_000_000;

/** Null where no price was given. */
export const costOf = (tokens: Tokens, { priceIn, priceOut }: Prices): number | null =>
  priceIn === undefined && priceOut === undefined
    ? null
    : (tokens.in * (priceIn ?? 0) + tokens.out * (priceOut ?? 0)) / million;

/** The permissions in force for an endpoint, by title: of each title the newest row, where that allows. */
export async function permittedAt(db: Db, endpoint: string): Promise<Map<string, Disclosure>> {
  const rows = (await disclosures({ db })).disclosures.filter((row) => row.endpoint === endpoint);
  const newest = new Map(rows.toReversed().map((row) => [row.titleId, row]));
  return new Map([...newest].filter(([, row]) => row.allowed));
}

/** @throws BacklotError `no-such-title`, `two-titles` */
export function titleNamed(files: readonly CatalogFile[], named: string): { id: string; name: string } {
  const own = files.filter(({ titleId, titleName }) => titleId === named || titleName === named);
  const found = new Map(own.map(({ titleId, titleName }) => [titleId, titleName]));
  const [title] = found;
  if (title && found.size === 1) return { id: title[0], name: title[1] };
  throw new BacklotError(title ? 'two-titles' : 'no-such-title', {
    expected: 'the id or name of one title',
    where: 'the catalogue',
    found: title ? `${named}: ${[...found.keys()].join(', ')}` : named,
    remedy: 'Look it up with: backlot catalog list.',
  });
}

function mustBeEncrypted(endpoint: string, operator: string): void {
  if (endpoint.startsWith('https:') || operator === 'in-house') return;
  throw new BacklotError('not-encrypted', {
    expected: 'https, where pictures leave the house',
    where: endpoint,
    found: `http, run by: ${operator}`,
    remedy: 'Give the https address; http is for endpoints in the house.',
  });
}
