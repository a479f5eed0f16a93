import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Context } from '../../src/jobs/index.ts';
import { decodeFrames, probe } from '../../src/media/index.ts';
import { readManifest } from '../../src/provenance/c2pa.ts';
import { signFiles } from '../../src/provenance/derived.ts';
import { formatOf } from '../../src/provenance/formats.ts';
import { makeIdentity, readAnchors, verifyFile } from '../../src/provenance/index.ts';
import { readMaster } from '../../src/provenance/masters.ts';
import { secondReading } from '../../test/support/second-reader.ts';
import { ANSWERS, makeKinds, rewrapped } from './files.ts';
import type { Timed } from './timing.ts';

/** Every kind of file that is signed, read by each reader that can read it. */
export async function kindRows(context: Context, { take, signed }: Timed, folder: string) {
  const made = join(folder, 'made');
  await mkdir(made);
  const sources = await makeKinds(signed, made);
  const to = join(folder, 'signed');
  const { files } = await signFiles(context, {
    files: sources,
    takes: [take],
    to,
    derivation: 'converted',
    ...ANSWERS,
  });
  const anchors = await readAnchors(context.paths.keys);
  const stranger = (await makeIdentity('A stranger')).root;
  const rows: object[] = [];
  for (const [n, { file, sidecar }] of [{ file: signed, sidecar: null }, ...files].entries()) {
    rows.push(...(await readersOf(file, sidecar, anchors, stranger)));
    if (n > 0) rows.push(await samePicture(sources[n - 1] ?? '', file));
  }
  const again = join(folder, 'again.mp4');
  await rewrapped(signed, again);
  const kept = (await verifyFile(again, anchors)).state;
  return [
    ...rows,
    { what: 'a signed take rewritten by ffmpeg without encoding it', value: kept, unit: 'state' },
  ];
}

async function readersOf(file: string, sidecar: string | null, anchors: string | null, stranger: string) {
  const { mime } = await formatOf(file);
  const name = `${basename(file)}${sidecar ? ' with its sidecar' : ''}`;
  const content = await readFile(file);
  const one = { path: file, mime, sidecar };
  const row = (reader: string, value: string) => ({
    what: `${name}, read by ${reader}`,
    value,
    unit: 'state',
  });
  const rows = [
    row('c2pa-python, root as anchor', (await readMaster(one, anchors))?.state ?? 'none'),
    row("c2pa-python, a stranger's root", (await readMaster(one, stranger))?.state ?? 'none'),
    row('c2pa-python, no anchor', (await readMaster(one, null))?.state ?? 'none'),
  ];
  const second = await secondReading(content, sidecar === null ? null : await readFile(sidecar));
  rows.push(row('c2pa-ts (hashes and signature only)', second.valid ? 'Valid' : second.failures.join(', ')));
  if (sidecar) return rows;
  return [
    ...rows,
    row('c2pa-wasm, root as anchor', (await readManifest(content, mime, anchors))?.state ?? 'none'),
    row('c2pa-wasm, no anchor', (await readManifest(content, mime, null))?.state ?? 'none'),
  ];
}

/** Whether signing changed what is seen. */
async function samePicture(source: string, signed: string) {
  const same = (await decoded(source)) === (await decoded(signed));
  return {
    what: `${basename(signed)}: decoded frames are as before signing`,
    value: same ? 'yes' : 'no',
    unit: '',
  };
}

async function decoded(path: string): Promise<string> {
  const { video } = await probe(path);
  const digest = createHash('sha256');
  const size = { width: video?.width ?? 0, height: video?.height ?? 0 };
  const frames = await decodeFrames(
    path,
    { ...size, pixelFormat: 'rgb24' },
    (_, bytes) => void digest.update(bytes),
  );
  return `${frames} ${digest.digest('hex')}`;
}
