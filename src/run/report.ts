import type { Forecast } from '../assess/index.ts';
import { listFiles } from '../catalog/index.ts';
import type { Snapshot } from '../dataset/index.ts';
import type { Context } from '../jobs/index.ts';
import type { ProvenanceRecord } from '../provenance/index.ts';
import { type ReportInput, writeReport } from '../review/index.ts';
import { noticesOf } from '../train/index.ts';
import type { ArmResult, LeftOut } from './arms.ts';
import { assumedWords } from './assumed.ts';
import type { Films } from './films.ts';
import { refusedByReason } from './refused.ts';
import type { Spent } from './work.ts';

/** Everything that happened, for the page. */
export interface Story {
  name: 'demo' | 'run';
  title: string;
  spent: Spent;
  films: Films;
  boundary: ReportInput['boundary'];
  snapshot: Snapshot;
  forecast: Forecast;
  arms: ArmResult[];
  leftOut: LeftOut[];
  records: ProvenanceRecord[];
}

const CLIP_FRAMES = 17;
const CLIP_FPS = 12;
const EXAMPLES_A_REASON = 2;

export async function tellStory(context: Context, story: Story): Promise<string> {
  const { films, snapshot, arms } = story;
  const checker = checkerOf(arms);
  return writeReport(context, {
    name: story.name,
    title: story.title,
    workspace: context.paths.root,
    madeAt: new Date().toISOString(),
    seconds: tenths(story.spent.seconds),
    reused: story.spent.reused,
    titles: films.titles,
    shots: films.shots.length,
    boundary: story.boundary,
    rights: { cleared: films.cleared, refused: films.refused, examples: await examplesOf(context, films) },
    dataset: datasetOf(snapshot),
    arms: arms.map(({ arm }) => arm),
    takes: arms.flatMap((arm) => takesOf(arm, story.records)),
    picture: {
      width: snapshot.options.width,
      height: snapshot.options.height,
      frames: CLIP_FRAMES,
      fps: CLIP_FPS,
    },
    checker,
    forecast: forecastOf(story.forecast),
    cpuMinutesPerUsableSecond: cpuMinutesPerUsableSecond(arms),
    measured: MEASURED,
    notes: notesOf(story, checker !== null),
  });
}

export const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;

export const datasetOf = ({ id, digest, clips }: Snapshot) => ({
  id,
  digest,
  clips: clips.train + clips.heldout,
  ...clips,
});

/** What judged the arms' takes, by the checks themselves. */
export function checkerOf(arms: readonly Pick<ArmResult, 'checks'>[]): ReportInput['checker'] {
  const judged = arms.flatMap(({ checks }) => checks).find(({ checkerSha256 }) => checkerSha256 !== null);
  return judged?.checkerSha256 ? { sha256: judged.checkerSha256 } : null;
}

export function takesOf(
  { takes, checks, name }: Pick<ArmResult, 'takes' | 'checks'> & { name: string },
  records: readonly ProvenanceRecord[],
): ReportInput['takes'] {
  return takes.map((take) => {
    const check = checks.find(({ takeId }) => takeId === take.id);
    const record = records.find(({ takeId }) => takeId === take.id);
    return {
      id: take.id,
      brief: take.briefId,
      text: take.brief.text,
      arm: name,
      video: record?.signedPath ?? take.videoPath,
      still: take.rawPath,
      verdict: check?.verdict ?? 'unchecked',
      reasons: check?.reasons ?? [],
      signed: record ? record.state : null,
    };
  });
}

/** A few refused shots for each rule, with their pictures. */
async function examplesOf(
  context: Context,
  films: Films,
): Promise<NonNullable<ReportInput['rights']>['examples']> {
  const files = new Map((await listFiles(context.db)).map((file) => [file.id, file.titleName]));
  const shots = new Map(films.shots.map((shot) => [shot.id, shot]));
  return [...refusedByReason(films.decisions)].flatMap(([reason, group]) =>
    group.slice(0, EXAMPLES_A_REASON).map((decision) => ({
      reason,
      shot: decision.shotId,
      title: files.get(decision.fileId) ?? decision.fileId,
      timecode: shots.get(decision.shotId)?.inTimecode ?? '',
      message: decision.reasons[0]?.message ?? '',
      thumbnail: shots.get(decision.shotId)?.thumbnail ?? null,
    })),
  );
}

function forecastOf({ words, verdict, trials, doubled }: Forecast): ReportInput['forecast'] {
  const measured = trials.map((trial) => ({ ...trial, predicted: false }));
  const points = doubled ? [...measured, { ...doubled, predicted: true }] : measured;
  return {
    words,
    verdict,
    measure: 'loss on held-out scenes after a short training',
    points,
    threshold: null,
  };
}

/** What the adapter's training and all its takes cost, over the seconds of takes that can be used. */
function cpuMinutesPerUsableSecond(arms: readonly ArmResult[]): number | null {
  const adapter = arms.find(({ name }) => name === 'adapter');
  const usable = adapter?.checks.filter(({ verdict }) => verdict === 'usable').length ?? 0;
  if (!adapter || usable === 0) return null;
  return adapter.cpuSeconds / 60 / ((usable * CLIP_FRAMES) / CLIP_FPS);
}

/** What the checker's rates mean. */
export const JUDGED = [
  {
    what: 'usable',
    how: 'share of takes that pass the automatic checker, mean over briefs; 95 % Wilson interval over briefs',
  },
  {
    what: 'usable@4',
    how: 'share of briefs with a usable take among their first four; 95 % Wilson interval over briefs',
  },
  {
    what: 'copies',
    how: 'a take is a copy when it lies nearer to a training clip than 99 % of held-out clips do',
  },
];

const MEASURED = [
  ...JUDGED,
  { what: 'forecast', how: 'held-out loss of short trainings; 95 % bootstrap over held-out scenes' },
  {
    what: 'CPU minutes per usable second',
    how: "processor time of the adapter's training and of drawing, enlarging and checking all its takes; the base and the encoding of videos left out",
  },
];

function notesOf({ arms, leftOut, films }: Story, checked: boolean): string[] {
  const said = arms.flatMap(({ name, model }) =>
    model ? noticesOf(model).map((notice) => `${name}: ${notice}`) : [],
  );
  const notes = [
    'Pictures are made at 64 x 96 pixels, 12 frames a second, and shown four times larger: they are rough at this size.',
  ];
  if (!checked) notes.push('No checker knows these films: takes are unchecked until a person judges them.');
  const [base] = arms;
  if (base?.name === 'base')
    notes.push('The base was trained on rendered worlds only and has never seen these titles.');
  return [...notes, ...assumedWords(films), ...leftOut.map(leftOutWords), ...said];
}

/** Why a way was not gone, as people read it. */
export const leftOutWords = ({ name, reason }: LeftOut): string =>
  `${name} was left out, as the rights do not clear its use: ${reason}.`;
