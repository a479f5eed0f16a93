import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogFile, type FrameTable, frameTable } from '../catalog/index.ts';
import { type Context, fileHash, localEngine } from '../jobs/index.ts';
import { decodeSound, parseRate, rateNumber, soundRate, withScratch } from '../media/index.ts';
import type { Shot, Span } from './schema.ts';
import type { Study } from './study.ts';

/** The network in silero-vad 6.2.3. */
const network = { sha256: '7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49' };
/** Samples of which the network says whether somebody speaks, and the likelihood from which it is taken for true. */
const piece = 512;
const spoken = 0.5;

/** The part of each shot in which somebody speaks; nothing of who or what. */
export const speechStudy: Study = {
  fact: 'speech',
  isFound: ({ speech }) => (speech ?? 0) > 0,
  look: async (context, file, shots) => {
    if (!file.facts.tracks.some(({ kind }) => kind === 'audio')) return null;
    context.report({
      phase: 'listening for speech',
      done: 0,
      total: shots.length,
      unit: 'shots',
      note: file.titleName,
    });
    const likely = await listen(context, file);
    if (likely.length === 0) return null;
    const table = await frameTable(context, file.id);
    return shots.map((shot: Shot) => ({ speech: speechIn(likely, secondsOf(table, shot)) }));
  },
};

async function listen({ signal }: Context, { path }: CatalogFile): Promise<Float32Array> {
  return withScratch('sound', async (folder) => {
    const samples = join(folder, 'sound.s16');
    await decodeSound(path, samples, signal);
    if ((await stat(samples)).size === 0) return new Float32Array();
    const sound = { path: samples, sha256: await fileHash(samples) };
    const job = { kind: 'hear-speech' as const, seed: 0, network, sound };
    const { directory } = await localEngine(folder).run(job, undefined, signal);
    const bytes = await readFile(join(directory, 'speech.f32'));
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  });
}

/** From the first frame's moment to that of the first frame after the shot; the last frame of a film has no length. */
function secondsOf({ pts, timeBase }: FrameTable, shot: Span): [number, number] {
  const tick = rateNumber(parseRate(timeBase));
  const at = (frame: number) => (pts[Math.min(frame, pts.length - 1)] ?? 0) * tick;
  return [at(shot.in), at(shot.out)];
}

/** @param likely one value for each piece of sound @returns to a hundredth */
export function speechIn(likely: Float32Array, [from, to]: readonly [number, number]): number {
  const place = (seconds: number) => Math.max(0, (seconds * soundRate) / piece);
  const first = Math.floor(place(from));
  const pieces = likely.subarray(first, Math.max(first + 1, Math.ceil(place(to))));
  const heard = pieces.filter((value) => value >= spoken).length;
  return pieces.length === 0 ? 0 : Math.round((100 * heard) / pieces.length) / 100;
}
