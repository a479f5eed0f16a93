import { targetsOf } from '../contract/index.ts';
import type { ExportReport } from './export-schema.ts';
import { notLegalAdvice, type Snapshot, type VerifyReport } from './schema.ts';

const problemsShown = 20;

/** A snapshot in words, for the terminal. */
export function describeSnapshot(snapshot: Snapshot): string {
  const { options, clips, skipped, rights } = snapshot;
  const size = `${options.frames} frames of ${options.width}x${options.height} at ${options.fps} fps`;
  return [
    `${snapshot.id}  ${clips.train} clips to learn from, ${clips.heldout} held out (${size})`,
    `digest ${snapshot.digest}`,
    `folder ${snapshot.path}`,
    `rights for ${options.use}${aimWords(options)} as of ${options.asOf}: ${inWords(rights.outcomes)}`,
    `refused shots by rule: ${inWords(rights.reasons)}`,
    ...assumedWords(rights.assumptions ?? {}),
    `allowed shots without a clip: ${inWords(skipped.shots)}`,
    `clips left out: ${inWords(skipped.clips)}`,
    `captions from: ${inWords(snapshot.captions)}`,
    ...(snapshot.alarms ?? []).map(({ rule, message }) => `alarm ${rule}: ${message}`),
    ...snapshot.titles.map(describeTitle),
    ...noticesInWords(snapshot),
    notLegalAdvice,
  ].join('\n');
}

const aimWords = (options: Snapshot['options']): string => {
  const targets = targetsOf(options);
  return targets.length === 0 ? '' : ` and replicas of ${targets.join(' and ')}`;
};

const assumedWords = (counts: Record<string, number>): string[] =>
  Object.keys(counts).length === 0 ? [] : [`allowed shots that rest on what no row says: ${inWords(counts)}`];

function describeTitle({ name, train, heldout, scenes, heldoutScenes }: Snapshot['titles'][number]): string {
  const warning = scenes === 1 ? ' (one scene: nothing can be held out)' : '';
  return `${name}: ${train} + ${heldout} clips, ${heldoutScenes} of ${scenes} scenes held out${warning}`;
}

/** Each notice once, with the films that it is about. */
function noticesInWords({ notices, sources, titles }: Snapshot): string[] {
  const names = new Map(titles.map(({ id, name }) => [id, name]));
  const filmOf = (sha256: string) => {
    const source = sources.find(({ file }) => file === sha256);
    if (!source) return sha256.slice(0, 12);
    const name = names.get(source.title) ?? source.title;
    const isOnly = sources.filter(({ title }) => title === source.title).length === 1;
    return isOnly ? name : `${name}, reel ${source.reel}`;
  };
  const alike = Map.groupBy(notices, ({ code, message }) => `${code}\n${message}`);
  return [...alike.values()].flatMap(([first, ...more]) => {
    if (!first) return [];
    const films = [first, ...more].map(({ file }) => filmOf(file));
    return [
      `notice ${first.code}: ${films.join(films.some((film) => film.includes(',')) ? '; ' : ', ')}: ${first.message}`,
    ];
  });
}

export function describeVerify({ id, whole, clips, problems, notices }: VerifyReport): string {
  if (whole) return [`${id} is whole: ${clips} clips hashed again`, ...notices].join('\n');
  const more = problems.length > problemsShown ? [`and ${problems.length - problemsShown} more`] : [];
  return [`${id} is not whole:`, ...problems.slice(0, problemsShown), ...more, ...notices].join('\n');
}

/** An export in words: what the target is told, and what is not in it. */
export function describeExport({
  id,
  format,
  folder,
  shape,
  clips,
  files,
  linked,
  leftOut,
  notice,
}: ExportReport): string {
  const look = shape
    ? `videos of ${shape.frames} frames of ${shape.width}x${shape.height} at ${shape.fps} fps`
    : 'clips as they were frozen';
  const left = Object.values(leftOut).reduce((sum, count) => sum + count, 0);
  return [
    `${id} for ${format}: ${clips.train} clips to learn from, ${clips.heldout} held out, ${look}`,
    `folder ${folder} (${linked} of ${files} files are links into the workspace)`,
    `clips left out: ${left === 0 ? 'none' : `${left} (${inWords(leftOut)}); export.json names each`}`,
    notice,
  ].join('\n');
}

/** `12 too_short, 3 hdr`, or `none`. */
export const inWords = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([reason, count]) => `${count} ${reason}`)
    .join(', ') || 'none';
