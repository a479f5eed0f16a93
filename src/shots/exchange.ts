import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { getFile } from '../catalog/index.ts';
import { BacklotError, messageOf } from '../contract/index.ts';
import { formatOf, type ReadTimeline, textIn } from '../editorial/index.ts';
import { type Context, writeNew } from '../jobs/index.ts';
import { timecodeOf } from '../media/index.ts';
import { compared, placedOn, shotListOf } from './compare.ts';
import type { CompareInput, Comparison, ExportInput, ExportOutput } from './exchange-schema.ts';
import { fileId } from './list.ts';
import { filesDone, listShots, listTransitions } from './store.ts';
import { needConstantRate, timelineOf } from './timeline.ts';

/**
 * Writes the shots and transitions of a film file as a cut that editors open.
 * @throws BacklotError `not-found`, `shots-missing`, `format-unknown`, `variable-rate`, `rate-unfit`, `file-exists`
 */
export async function exportShots({ db }: Pick<Context, 'db'>, input: ExportInput): Promise<ExportOutput> {
  const to = resolve(input.to);
  const { write, start } = formatOf(to);
  const { file, shots, transitions } = await foundIn(db, input.file);
  const timeline = timelineOf(file, shots, transitions);
  await writeNew(to, write(timeline));
  const gradual = transitions.filter(({ type }) => type !== 'cut').length;
  const startTimecode = timecodeOf(start(timeline), file.fps, null, file.facts.dropFrame);
  const notices =
    start(timeline) === (timeline.start ?? 0) ? [] : [movedFrom(file.facts.startTimecode, startTimecode)];
  return { file: file.id, to, shots: shots.length, transitions: gradual, startTimecode, notices };
}

const movedFrom = (own: string | null, written: string): string =>
  `the film begins at ${own} and passes midnight, which the record side of an EDL does not: it begins at ${written}; .otio and .xml keep the film's`;

/**
 * Reads a cut of a film and says how its shots differ from those found. Changes nothing in the workspace.
 * @throws BacklotError `not-found`, `shots-missing`, `format-unknown`, `cut-unreadable`, `cut-unfit`, `variable-rate`, `file-exists`
 */
export async function compareCut({ db }: Pick<Context, 'db'>, input: CompareInput): Promise<Comparison> {
  const cut = resolve(input.cut);
  const { file, shots } = await foundIn(db, input.file);
  needConstantRate(file);
  const placed = placedOn(await readCut(cut, file.fps), file, cut);
  const shotList = input.shotList === undefined ? null : resolve(input.shotList);
  if (shotList) await writeNew(shotList, shotListOf(placed, file));
  return { cut, file: file.id, ...compared(placed, shots, file), shotList };
}

async function foundIn(db: Context['db'], name: string) {
  const id = await fileId(db, name);
  const file = await getFile(db, id);
  if (file && (await filesDone(db)).has(id)) {
    return { file, shots: await listShots(db, id), transitions: await listTransitions(db, id) };
  }
  throw new BacklotError('shots-missing', {
    expected: 'a file whose shots were found',
    where: name,
    found: 'none',
    remedy: 'Run shots detect.',
  });
}

/**
 * Reads an editor's cut of a film that runs at a rate.
 * @throws BacklotError `no-such-file`, `format-unknown`, `cut-unreadable`
 */
export async function readCut(path: string, fps: string): Promise<ReadTimeline> {
  const { read } = formatOf(path);
  const { text, guessed } = textIn(await bytesOf(path));
  const timeline = read(text, fps);
  const guess = guessed ? ['it is not UTF-8, so its letters were read as Windows-1252'] : [];
  return { ...timeline, notices: [...timeline.notices, ...guess] };
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const facts = { expected: 'a file', where: path, found: messageOf(error), remedy: 'Check the path.' };
    throw new BacklotError('no-such-file', facts, error);
  }
}
