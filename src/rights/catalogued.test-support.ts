import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { tables } from '../db/index.ts';
import type { Context } from '../jobs/index.ts';
import { decideShots } from './bulk.ts';
import { importLedger } from './import.ts';
import { proposeMapping } from './mapping.ts';
import { importRegister } from './register.ts';
import type { Imported, RegisterSection } from './schema.ts';

let registers = 0;

/** Imports a document as a ledger file. */
export async function importing(context: Context, document: object): Promise<Imported> {
  const path = join(context.paths.root, 'ledger.json');
  await writeFile(path, JSON.stringify(document));
  return importLedger(context, path);
}

/** Imports a text as a register of a section, by the mapping that its headings propose. */
export async function registering(
  context: Context,
  section: RegisterSection,
  csv: string,
  replace = false,
): Promise<Imported> {
  const path = join(context.paths.root, `register-${registers++}.csv`);
  await writeFile(path, csv);
  await proposeMapping(path, section, `${path}.yaml`);
  const mapping = await readFile(`${path}.yaml`, 'utf8');
  await writeFile(`${path}.yaml`, mapping.replace('confirmed: false', 'confirmed: true'));
  return importRegister(context, path, `${path}.yaml`, replace);
}

/** How many shots may be trained on in June 2026. */
export async function allowed(context: Context): Promise<number> {
  const asked = { use: 'train.style', territory: 'world', asOf: '2026-06-01' } as const;
  return (await decideShots(context, asked)).filter(({ outcome }) => outcome === 'ALLOW').length;
}

/** The workspace as if no ledger had been recorded: what the database refuses to everybody but a test. */
export async function forgetLedgers({ db }: Pick<Context, 'db'>): Promise<void> {
  const guarded = [tables.rightsRows, tables.rightsLedgers];
  for (const table of guarded) await db.execute(sql`alter table ${table} disable trigger user`);
  for (const table of guarded) await db.delete(table);
  for (const table of guarded) await db.execute(sql`alter table ${table} enable trigger user`);
}

/** A catalogued film of two shots of 24 frames at 24/1. */
export async function catalogue({ db }: Pick<Context, 'db'>, name: string, file: string): Promise<void> {
  const sha256 = Buffer.from(name).toString('hex').padEnd(64, '0');
  await db.insert(tables.catalogTitles).values({ id: `ttl_${name}`, name, unmapped: false });
  const row = {
    titleId: `ttl_${name}`,
    reel: 1,
    path: `/masters/${file}`,
    sha256,
    bytes: 1,
    frames: 48,
    fps: '24/1',
  };
  await db.insert(tables.catalogFiles).values({ id: `fil_${name}`, ...row, facts });
  await db.insert(tables.shotsShots).values(
    [0, 1].map((n) => ({
      id: `sht_${name}-${n}`,
      fileId: `fil_${name}`,
      number: n + 1,
      inFrame: n * 24,
      outFrame: n * 24 + 24,
      inTimecode: `01:00:0${n}:00`,
      outTimecode: `01:00:0${n + 1}:00`,
      thumbnail: null,
      facts: { luma: 90, colour: [90, 90, 90], motion: 1, sharpness: 5 },
    })),
  );
}

/** Technical facts of a film of no consequence. */
export const facts = {
  container: 'mp4',
  codec: 'h264',
  profile: null,
  pixelFormat: 'yuv420p',
  bitDepth: 8,
  width: 96,
  height: 64,
  rotation: 0,
  sampleAspect: '1/1',
  fieldOrder: 'progressive',
  interlaced: false,
  colorMatrix: null,
  colorTransfer: null,
  colorPrimaries: null,
  colorRange: null,
  hdr: null,
  timeBase: '1/24',
  timestamps: 'file',
  variableRate: false,
  declaredRate: '24/1',
  startTimecode: '01:00:00:00',
  dropFrame: false,
  declaredSeconds: 2,
  declaredVideoSeconds: 2,
  declaredFrames: 48,
  decodedSeconds: 2,
  formatChanges: 0,
  otherVideoStreams: 0,
  sequence: null,
  tracks: [],
  damaged: null,
  marks: [],
};
