import { stat } from 'node:fs/promises';
import { type ClearedFor, clearedFor, filesOf, shotsOfPictures, takesBehind } from '../../generate/index.ts';
import type { Context } from '../../jobs/index.ts';
import { type Check, listChecks } from '../../review/index.ts';
import {
  decideSome,
  newestRecording,
  type OutputKind,
  ruleVersion,
  type ShotDecision,
  today,
  type Use,
  useSchema,
} from '../../rights/index.ts';
import { shippedModels } from '../../train/index.ts';
import { auditReport } from '../audit.ts';
import type { Decided } from '../delivery-schema.ts';
import { lineageReader } from '../lineage.ts';
import { shotsOfGiven } from '../reach-films.ts';
import type { Lineage } from '../schema.ts';
import { signerOf } from '../signer.ts';
import { keyWords } from './keys.ts';

/** What was decided for today on shots for one use. */
export interface Permitted extends Decided {
  refused: number;
  reasons: string[];
}

/** What the workspace knows about takes that are to be handed over. */
export interface Facts {
  lineages: Lineage[];
  /** sha256 of the models that came with Backlot, base and upscaler: what they learned from, rendered worlds alone, is known here. */
  shipped: ReadonlySet<string>;
  /** What the ledger in force says of the takes: of shots that their models learned from, and of films that they were given. */
  permitted: Permitted[];
  /** What the automatic checker said of the takes; copying a training clip is one of its reasons. */
  checks: Check[];
  auditIntact: boolean;
  /** Others than its owner may write into the workspace. */
  writable: boolean;
  readable: boolean;
  /** Where the keys lie that sign takes and declaration, and who can read them. */
  keys: string[];
}

export async function factsOf(
  context: Context,
  takes: readonly string[],
  purpose: OutputKind,
): Promise<Facts> {
  const lineageOf = lineageReader(context);
  const lineages: Lineage[] = [];
  for (const take of takes) lineages.push(await lineageOf(take));
  const checks = (await listChecks(context.db)).filter(({ takeId }) => takes.includes(takeId));
  const { mode } = await stat(context.paths.root);
  return {
    ...{ lineages, checks, permitted: await permittedFor(context, lineages, purpose) },
    shipped: await shippedModels(),
    auditIntact: (await auditReport(context, 1)).intact,
    keys: await keyWords(context.paths.root, await signerOf(context.paths.keys)),
    ...{ writable: (mode & 0o022) !== 0, readable: (mode & 0o044) !== 0 },
  };
}

async function permittedFor(context: Context, lineages: readonly Lineage[], purpose: OutputKind) {
  const use = useSchema.parse(`generate.${purpose}`);
  const snapshots = lineages.flatMap((lineage) => lineage.snapshots);
  const permitted: Permitted[] = [];
  for (const [key, alike] of Map.groupBy(snapshots, (snapshot) => JSON.stringify(clearedFor(snapshot)))) {
    const shots = alike.flatMap(({ titles }) => titles.flatMap((title) => title.shots));
    const asked: ClearedFor = JSON.parse(key);
    const which = `shots that were trained on${whomWords(asked)}`;
    permitted.push(await decided(context, { use, ...asked }, which, new Set(shots)));
  }
  return [...permitted, ...(await givenFor(context, lineages, use))];
}

/** To give a film is one use of it, what is shown by what was drawn from it another: both are asked, everywhere (ADR 0155). */
async function givenFor(context: Context, lineages: readonly Lineage[], use: Use): Promise<Permitted[]> {
  const given = await shotsGiven(context, lineages);
  if (given.size === 0) return [];
  const which = 'shots of films that takes were given, in world';
  const asked = ['condition' as const, use].map((one) => ({ use: one, territory: 'world' }));
  return Promise.all(asked.map((one) => decided(context, one, which, given)));
}

function whomWords({ territory, trainer = 'in-house', model, performers = [] }: ClearedFor): string {
  const aim = performers.length === 0 ? '' : `, for replicas of ${performers.join(' and ')}`;
  const who = trainer === 'in-house' ? '' : `, by ${trainer}`;
  return `, in ${territory}${aim}${who}${model === undefined ? '' : `, for ${model}`}`;
}

/** Shots of the films of the catalogue that takes were given, or takes that those were given, of which frames are not recorded; and those that pictures were cut from. */
async function shotsGiven({ db }: Context, lineages: readonly Lineage[]): Promise<Set<string>> {
  const own = lineages.flatMap(({ references }) => references.map(({ sha256 }) => sha256));
  const given = new Set([...own, ...(await takesBehind(db, own)).flatMap(filesOf)]);
  const pictured = await shotsOfPictures(db, [...given]);
  const files = [...given].map((sha256) => ({ sha256, shot: pictured.get(sha256) ?? null }));
  return new Set((await shotsOfGiven(db, files)).map(({ shot }) => shot));
}

/** Decides for today; a shot that is not catalogued any more is refused, as nobody can say. */
async function decided(
  context: Context,
  asked: { use: Use } & ClearedFor,
  which: string,
  shots: ReadonlySet<string>,
): Promise<Permitted> {
  const asOf = today();
  const ledger = (await newestRecording(context.db))?.id ?? null;
  const decisions = new Map(
    (await decideSome(context, shots, { ...asked, asOf })).map((one) => [one.shotId, one]),
  );
  const refused = [...shots].filter((shot) => decisions.get(shot)?.outcome !== 'ALLOW');
  const reasons = refused.flatMap((shot) => reasonsOf(decisions.get(shot)));
  const grants = [...shots].flatMap((shot) => decisions.get(shot)?.grants ?? []);
  return {
    ...asked,
    ...{ which, shots: shots.size, grants: [...new Set(grants)].sort(), ledger, ruleVersion, asOf },
    ...{ refused: refused.length, reasons: [...new Set(reasons)] },
  };
}

const reasonsOf = (decision: ShotDecision | undefined): string[] =>
  decision
    ? decision.reasons.map(({ rule, row, message }) => `${rule} (${row}): ${message}`)
    : ['a shot is not in this workspace any more'];
