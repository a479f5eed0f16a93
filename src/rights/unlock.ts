import type { Context } from '../jobs/index.ts';
import { lightOf, type Shot } from '../shots/index.ts';
import { type Asked, readAsk } from './ask.ts';
import { basisOf, decideHoldings, type Holdings, holdingsOf, ledgerOf, questionBase } from './bulk.ts';
import { namedOf } from './match.ts';
import { minutesByShot } from './minutes.ts';
import { isWithdrawn } from './moments.ts';
import { silentOwners } from './owners.ts';
import { questionsOf, type Standing } from './questions.ts';
import type { Question, ShotDecision, Unlock } from './schema.ts';

/** Where and when a shot plays, as far as somebody said so. */
export interface Setting {
  set: string | null;
  time: string | null;
}

/** A shot with what is known of it here. */
interface Weighed {
  shot: Shot;
  minutes: number;
  title: string;
  setting: Setting;
  decision: ShotDecision;
  standing: Standing;
}

/**
 * Ranks what can be asked by the film that an answer frees: for each set of questions that stands before some
 * shot, the shots that are free once all of the set are answered with yes, those of smaller sets included.
 * @param settings by the shot's id
 */
export async function unlock(
  context: Pick<Context, 'db'>,
  asked: Asked,
  settings: ReadonlyMap<string, Setting>,
): Promise<Unlock> {
  const holdings = await holdingsOf(context);
  const shots = weigh(holdings, asked, settings);
  const allowed = shots.filter(({ decision }) => decision.outcome === 'ALLOW');
  const barred = shots.filter(({ standing }) => standing.barred);
  const answers = answersTo(
    shots.filter((shot) => shot.decision.outcome !== 'ALLOW' && !shot.standing.barred),
  );
  return {
    ...basisOf(holdings, asked),
    allowed: count(allowed),
    barred: count(barred),
    answers: answers.map(({ questions, freed }) => ({
      questions,
      ...count(freed),
      coverage: coverageOf(allowed, freed),
    })),
  };
}

const count = (shots: readonly Weighed[]) => ({
  shots: shots.length,
  minutes: shots.reduce((sum, { minutes }) => sum + minutes, 0),
});

const somewhere: Setting = { set: null, time: null };

function weigh(holdings: Holdings, asked: Asked, settings: ReadonlyMap<string, Setting>): Weighed[] {
  const minutes = minutesByShot(holdings);
  const named = holdings.files.map(namedOf);
  const ledger = ledgerOf(holdings);
  const partyNames = new Map(ledger?.parties.map(({ id, name }) => [id, name]));
  const ask = readAsk(asked);
  const gone = ledger?.parties.filter((party) => isWithdrawn(party, ask.at)) ?? [];
  const left = new Set(gone.map(({ id }) => id));
  const bases = new Map(
    holdings.files.map((file) => {
      const base = questionBase(ledger, namedOf(file), named, asked.performers);
      const title = 'title' in base.title ? base.title.title : null;
      return [file.id, { ...base, titleId: title, silent: silentOwners(base.ledger, title, ask.at) }];
    }),
  );
  return decideHoldings(holdings, asked).flatMap((decision, i) => {
    const [shot, base] = [holdings.shots[i], bases.get(decision.fileId)];
    if (!shot || !base) return [];
    const { titleId: title, silent } = base;
    const place = { ledger: base.ledger, partyNames, left, title, file: base.file.name, ask, silent };
    const standing = questionsOf(decision, place);
    const setting = settings.get(shot.id) ?? somewhere;
    const known = { minutes: minutes.get(shot.id) ?? 0, title: title ?? base.file.name, setting };
    return [{ shot, ...known, decision, standing }];
  });
}

interface Answer {
  questions: Question[];
  freed: Weighed[];
}

function answersTo(shots: readonly Weighed[]): Answer[] {
  const asked = shots.map((shot) => ({
    shot,
    questions: shot.standing.barred ? [] : shot.standing.questions,
  }));
  const groups = [
    ...Map.groupBy(asked, ({ questions }) => JSON.stringify(questions.map(({ id }) => id))).values(),
  ];
  const sets = groups.map((group) => ({
    questions: group[0]?.questions ?? [],
    shots: group.map(({ shot }) => shot),
  }));
  const answers = sets.map(({ questions }) => {
    const ids = new Set(questions.map(({ id }) => id));
    const within = sets.filter((other) => other.questions.every(({ id }) => ids.has(id)));
    return { questions, freed: within.flatMap(({ shots: own }) => own) };
  });
  return answers.sort(byMinutesForEachQuestion);
}

/** Two questions for twenty minutes are worth as much as one for ten. */
const byMinutesForEachQuestion = (a: Answer, b: Answer): number =>
  worth(b) - worth(a) || a.questions.length - b.questions.length || (nameOf(a) < nameOf(b) ? -1 : 1);

const worth = ({ questions, freed }: Answer): number => count(freed).minutes / questions.length;
const nameOf = ({ questions }: Answer): string => questions.map(({ id }) => id).join();

/** How many shots of a title in a set at a time of day may be used before and after. */
function coverageOf(
  allowed: readonly Weighed[],
  freed: readonly Weighed[],
): Unlock['answers'][number]['coverage'] {
  const before = Map.groupBy(allowed, (shot) => JSON.stringify(placeOf(shot)));
  const gained = [...Map.groupBy(freed, (shot) => JSON.stringify(placeOf(shot)))];
  const rows = gained.map(([place, shots]) => {
    const had = before.get(place)?.length ?? 0;
    return { ...(JSON.parse(place) as Place), before: had, after: had + shots.length };
  });
  return rows.sort((a, b) => b.after - b.before - (a.after - a.before));
}

type Place = Setting & { title: string; light: string | null };

/** Where nobody said at what time it plays, how light its picture is stands in. */
const placeOf = ({ title, setting, shot }: Weighed): Place => ({
  ...{ title, ...setting },
  light: setting.time === null ? lightOf(shot.facts.luma) : null,
});
