import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type AddOutput,
  addFiles,
  type CatalogFile,
  frameTable,
  listFiles,
} from '../../src/catalog/index.ts';
import type { Report } from '../../src/contract/index.ts';
import { fileUrl, runFfprobe } from '../../src/media/index.ts';
import { testContext } from '../../test/support/context.ts';
import { FOOTAGE } from '../footage.ts';

/** Are real and odd films catalogued or refused with a reason, with the right frames, and left untouched? */

interface Row {
  what: string;
  value: number | string | null;
  unit: string;
  n?: number;
  peer?: string;
}

/** Frames of the films, counted by those who put the footage together (its README). */
const knownFrames: Record<string, number> = {
  'bbb_A_f00000.mp4': 794,
  'bbb_B_f01874.mp4': 1018,
  'bbb_D_f10185.mp4': 964,
  'sintel_trailer_480x204_h264.mp4': 1252,
  'tears_of_steel_500x208.h264': 1000,
};

/** Seconds by which a declared duration may miss the decoded one and still count as right. */
const durationSlack = 0.5;

export async function run({ quick, report }: { quick: boolean; report: Report }) {
  const started = performance.now();
  const rows = existsSync(FOOTAGE)
    ? await measured(
        quick ? [join(FOOTAGE, 'awkward')] : [join(FOOTAGE, 'awkward'), join(FOOTAGE, 'catalog')],
        report,
      )
    : [{ what: 'skipped', value: `no footage at ${FOOTAGE}: name it in BACKLOT_FOOTAGE`, unit: '' }];
  return { bench: 'catalog', seed: 0, rows, seconds: (performance.now() - started) / 1000 };
}

async function measured(folders: string[], report: Report): Promise<Row[]> {
  const { context, close } = await testContext({ report });
  try {
    const before = await masters(folders);
    const [answer, seconds] = await timed(() => addFiles(context, { paths: folders }));
    const untouched = JSON.stringify(await masters(folders)) === JSON.stringify(before);
    const files = await listFiles(context.db);
    const [peer, peerSeconds] = await timed(() => countAll(files, report));
    const tables = await Promise.all(files.map((file) => frameTable(context, file.id)));
    return [
      ...decided(answer, Object.keys(before).length),
      {
        what: 'masters unchanged (sha256 and time of change)',
        value: untouched ? 'yes' : 'NO',
        unit: '',
        n: Object.keys(before).length,
      },
      ...frameRows(
        files,
        peer,
        tables.every((table, i) => table.pts.length === files[i]?.frames),
      ),
      ...speedRows(files, seconds, peerSeconds),
      ...outcomes(answer),
    ];
  } finally {
    await close();
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  return [await work(), (performance.now() - started) / 1000];
}

/** sha256 and time of change of every file. */
async function masters(folders: string[]): Promise<Record<string, string>> {
  const prints: Record<string, string> = {};
  for (const folder of folders) {
    for (const name of (await readdir(folder, { recursive: true })).toSorted()) {
      const facts = await stat(join(folder, name));
      if (facts.isFile()) prints[join(folder, name)] = `${await hashOf(join(folder, name))} ${facts.mtimeMs}`;
    }
  }
  return prints;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** The peer: ffprobe counts the frames of the same films, decoding all of them. */
async function countAll(files: readonly CatalogFile[], report: Report): Promise<number[]> {
  const counts: number[] = [];
  for (const [done, { path }] of files.entries()) {
    report({ phase: 'peer: ffprobe -count_frames', done, total: files.length, unit: 'films' });
    const wanted = [
      '-select_streams',
      'V:0',
      '-count_frames',
      '-show_entries',
      'stream=nb_read_frames',
      '-of',
      'csv=p=0',
    ];
    counts.push(
      Number.parseInt(await runFfprobe(['-v', 'quiet', '-threads', '2', ...wanted, fileUrl(path)]), 10),
    );
  }
  return counts;
}

function decided({ added, refused, known }: AddOutput, files: number): Row[] {
  const films = added.filter(({ kind }) => kind === 'film').length;
  return [
    { what: 'files decided', value: added.length + refused.length + known.length, unit: `of ${files}` },
    { what: 'films catalogued', value: films, unit: 'films' },
    { what: 'sidecars attached', value: added.length - films, unit: 'files' },
    { what: 'refused with code and reason', value: refused.length, unit: 'files' },
  ];
}

function frameRows(files: readonly CatalogFile[], peer: readonly number[], tablesFit: boolean): Row[] {
  const named = files.filter(({ path }) => basename(path) in knownFrames);
  const right = named.filter(({ path, frames }) => knownFrames[basename(path)] === frames).length;
  const same = files.filter(({ frames }, index) => peer[index] === frames).length;
  const declared = files.filter(({ facts }) => facts.declaredFrames !== null);
  const honest = declared.filter(({ facts, frames }) => facts.declaredFrames === frames).length;
  const lying = files.filter(
    ({ facts }) => Math.abs((facts.declaredSeconds ?? 0) - facts.decodedSeconds) > durationSlack,
  );
  return [
    {
      what: 'frame count right',
      value: right,
      unit: `of ${named.length}`,
      peer: 'counts in the footage README',
    },
    { what: 'frame count equal', value: same, unit: `of ${files.length}`, peer: 'ffprobe -count_frames' },
    {
      what: 'every frame table holds every frame',
      value: tablesFit ? 'yes' : 'NO',
      unit: '',
      n: files.length,
    },
    {
      what: 'declared frame count right',
      value: honest,
      unit: `of ${declared.length}`,
      peer: 'trusting the container',
    },
    {
      what: 'declared duration off by over 0.5 s or absent',
      value: lying.length,
      unit: `of ${files.length}`,
      peer: 'trusting the container',
    },
  ];
}

function speedRows(files: readonly CatalogFile[], seconds: number, peerSeconds: number): Row[] {
  const frames = files.reduce((sum, file) => sum + file.frames, 0);
  const rate = (value: number) => Number((frames / value).toFixed(1));
  return [
    { what: 'catalogued: checksum, probe, decode, store', value: rate(seconds), unit: 'frames/s', n: frames },
    {
      what: 'peer on the same films',
      value: rate(peerSeconds),
      unit: 'frames/s',
      n: frames,
      peer: 'ffprobe -count_frames',
    },
  ];
}

function outcomes({ added, refused }: AddOutput): Row[] {
  const films = added.flatMap((entry) =>
    entry.kind === 'film'
      ? [
          {
            what: basename(entry.file),
            value: ['catalogued', ...entry.flags].join(', '),
            unit: '',
            n: entry.frames,
          },
        ]
      : [],
  );
  const others = refused.map(({ file, code, reason }) => ({
    what: basename(file),
    value: `refused ${code}: ${reason}`,
    unit: '',
  }));
  return [...films, ...others];
}
