import { BacklotError, type ClipLine } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { type Named, type NameFinder, nameable, nameFinder } from '../rights/index.ts';
import type { CaptionAlarm } from './caption-schema.ts';
import type { FilmPlan } from './plan.ts';

/** Captions that name somebody of the ledger: training on a name targets whoever bears it (ADR 0105). */

interface Purpose {
  use: string;
  performers?: readonly string[] | undefined;
}

/** Whom a caption names besides the performers whom the training targets; nobody where nothing is trained. */
export async function strangersFor(
  { db }: Pick<Context, 'db'>,
  { use, performers = [] }: Purpose,
): Promise<NameFinder> {
  if (!use.startsWith('train.')) return () => [];
  return nameFinder((await nameable(db)).filter(({ id }) => !performers.includes(id)));
}

interface WithoutNamed {
  plans: FilmPlan[];
  alarms: CaptionAlarm[];
}

/** Plans without the shots whose captions name somebody, and for each who is named how many those are. */
export function withoutNamed(plans: readonly FilmPlan[], find: NameFinder): WithoutNamed {
  const named = plans.map((plan) => namedIn(plan, find));
  return {
    plans: plans.map((plan, i) => withoutShots(plan, named[i] ?? new Map())),
    alarms: countNamed(named.flatMap((shots) => [...shots.values()])).map(alarmOf),
  };
}

type Shots = ReadonlyMap<string, readonly Named[]>;

const namedIn = ({ clips }: FilmPlan, find: NameFinder): Shots =>
  new Map(
    [...new Map(clips.map(({ shot, caption }) => [shot, caption]))]
      .map(([shot, caption]) => [shot, find(caption)] as const)
      .filter(([, parties]) => parties.length > 0),
  );

function withoutShots(plan: FilmPlan, named: Shots): FilmPlan {
  const skipped = [...named].map(([shot, parties]) => ({
    ...{ shot, reason: 'names_performer', clips: 0 },
    parties: parties.map(({ party }) => party),
  }));
  const clips = plan.clips.filter(({ shot }) => !named.has(shot));
  return { ...plan, clips, skipped: [...plan.skipped, ...skipped] };
}

interface Counted extends Named {
  count: number;
}

const countNamed = (each: readonly (readonly Named[])[]): Counted[] =>
  [...Map.groupBy(each.flat(), ({ party }) => party).values()].flatMap(([first, ...rest]) =>
    first ? [{ ...first, count: rest.length + 1 }] : [],
  );

const alarmOf = ({ party, name, count }: Counted): CaptionAlarm => ({
  rule: 'caption-names-performer',
  shots: count,
  message: `the captions of ${count} shots name ${name} (parties/${party}): left out, as training on a name targets who bears it; ${remedyFor(party)}`,
});

const remedyFor = (party: string): string =>
  `write what is seen without the name (dataset describe), or freeze with --performer ${party}, once for each who is named, which asks the ledger for replicas`;

/**
 * What was frozen before its captions were looked at, or before the ledger knew the name, is not trained on.
 * @throws BacklotError `not-cleared`
 */
export async function refuseNamed(
  context: Pick<Context, 'db'>,
  where: string,
  lines: readonly ClipLine[],
  purpose: Purpose,
): Promise<void> {
  const find = await strangersFor(context, purpose);
  const { performers = [] } = purpose;
  const named = countNamed([...new Map(lines.map(({ shot, caption }) => [shot, find(caption)])).values()]);
  const [first] = named;
  if (!first) return;
  const each = named.map(({ party, name, count }) => `${name} (parties/${party}) by those of ${count} shots`);
  throw new BacklotError('not-cleared', {
    expected: `captions that name nobody of the ledger${performers.length > 0 ? ` but ${performers.join(', ')}` : ''}`,
    where,
    found: `some that name ${each.slice(0, 3).join(', ')}${each.length > 3 ? ` and ${each.length - 3} more` : ''}`,
    remedy: `Freeze the dataset again: such shots stay out and are told. To keep them, ${remedyFor(first.party)}.`,
  });
}
