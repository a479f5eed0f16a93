import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { castOf, creditsOf } from './cast.ts';
import { renderFilm } from './film.ts';
import { type LedgerFilm, ledgerOf } from './ledger.ts';
import { type FilmPlan, planFilm } from './plan.ts';
import { type Production, productionsOf } from './productions.ts';
import {
  type ResolvedStudioOptions,
  rightsCases,
  type StudioOptions,
  studioOptionsSchema,
} from './schema.ts';
import { shotListOf } from './shot-list.ts';
import { dialogueOf, srtOf } from './subtitles.ts';
import { layTimeline, type Timeline } from './timeline.ts';
import { TITLES } from './titles.ts';
import { truthOf } from './truth.ts';

const studioTitleSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  rights: z.enum(rightsCases),
  /** Absolute paths. */
  file: z.string(),
  srt: z.string(),
  csv: z.string(),
  truth: z.string(),
  frames: z.int(),
  fps: z.string(),
  shots: z.int(),
});

export type StudioTitle = z.infer<typeof studioTitleSchema>;

export interface Studio {
  readonly dir: string;
  readonly ledgerPath: string;
  readonly titles: readonly StudioTitle[];
}

/** Frames done and to do over all films of this call; films found ready count as done. */
export interface StudioProgress {
  readonly title: string;
  readonly done: number;
  readonly total: number;
}

export interface StudioHooks {
  readonly onProgress?: ((progress: StudioProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Job {
  readonly production: Production;
  readonly seed: number;
  readonly plan: FilmPlan;
  readonly timeline: Timeline;
  readonly title: StudioTitle;
}

const START_TIMECODES = ['01:00:00:00', '00:58:30:00', '10:00:00:00'] as const;
const PROGRESS_FRAMES = 24;

/**
 * Renders the studio's films with their sidecars, truth files and ledger into `dir`. A film that is ready
 * for the same plan is kept, so a second call costs nothing and an interrupted one goes on.
 * @throws BacklotError `ffmpeg-failed`, `ffmpeg-missing`
 */
export async function renderStudio(input: StudioOptions & StudioHooks): Promise<Studio> {
  const { onProgress, signal, ...given } = input;
  const options = studioOptionsSchema.parse(given);
  await mkdir(options.dir, { recursive: true });
  const jobs = productionsOf(options).map((production, i) => jobOf(options, production, i));
  const total = jobs.reduce((sum, job) => sum + job.timeline.frames, 0);
  let before = 0;
  for (const job of jobs) {
    const tell = (frame: number) => onProgress?.({ title: job.title.name, done: before + frame, total });
    await renderJob(job, tell, signal);
    before += job.timeline.frames;
    tell(0);
  }
  const ledgerPath = join(options.dir, 'ledger.yaml');
  await writeFile(ledgerPath, ledgerOf(jobs.map(ledgerFilm)));
  return { dir: options.dir, ledgerPath, titles: jobs.map((job) => job.title) };
}

function jobOf(options: ResolvedStudioOptions, production: Production, i: number): Job {
  const { title, fps, letterbox, shots } = production;
  const order = {
    title,
    fps,
    letterbox,
    shots,
    seed: options.seed,
    startTimecode: START_TIMECODES[i % 3] as string,
  };
  const guested = planFilm({ ...order, credits: [] }).parts.some(
    (part) => part.kind === 'story' && part.guest,
  );
  const plan = planFilm({ ...order, credits: creditsOf(castOf(title, TITLES), guested) });
  const timeline = layTimeline(plan);
  return {
    production,
    seed: options.seed,
    plan,
    timeline,
    title: studioTitle(options.dir, production, plan, timeline),
  };
}

function studioTitle(
  dir: string,
  { title, rights }: Production,
  plan: FilmPlan,
  timeline: Timeline,
): StudioTitle {
  const path = (ending: string) => join(dir, `${title.slug}.${ending}`);
  return {
    id: title.slug,
    name: title.name,
    rights,
    fps: plan.fps,
    frames: timeline.frames,
    shots: timeline.spans.length,
    file: path('mp4'),
    srt: path('srt'),
    csv: path('csv'),
    truth: path('truth.json'),
  };
}

/** The truth file is written last and names the plan, so it says that the film beside it is whole. */
async function renderJob(
  { plan, timeline, title, seed }: Job,
  tell: (frame: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const truth = `${JSON.stringify(truthOf(plan, timeline, `${title.id}.mp4`), null, 1)}\n`;
  if (await isReady(title, truth)) return;
  await rm(title.truth, { force: true });
  await writeFile(title.srt, srtOf(dialogueOf(timeline, plan.fps, title.id, seed)));
  await writeFile(title.csv, shotListOf(plan, timeline));
  const onFrame = (frame: number) => void (frame % PROGRESS_FRAMES === 0 && tell(frame));
  await renderFilm(plan, timeline, `${title.file}.part`, { onFrame, signal });
  await rename(`${title.file}.part`, title.file);
  await writeFile(`${title.truth}.part`, truth);
  await rename(`${title.truth}.part`, title.truth);
}

async function isReady(title: StudioTitle, truth: string): Promise<boolean> {
  const found = await readFile(title.truth, 'utf8').catch(() => '');
  return (
    found === truth &&
    (await stat(title.file).then(
      (s) => s.size > 0,
      () => false,
    ))
  );
}

function ledgerFilm({ production, timeline, title }: Job): LedgerFilm {
  const cast = castOf(production.title, TITLES);
  const seen = new Map<string, { in: number; out: number }[]>();
  for (const { part, in: start, out } of timeline.spans) {
    const performer = part.kind === 'story' && cast.find((p) => p.character === part.words.character.name);
    if (performer) seen.set(performer.id, [...(seen.get(performer.id) ?? []), { in: start, out }]);
  }
  return { id: title.id, name: title.name, file: `${title.id}.mp4`, rights: production.rights, cast, seen };
}
