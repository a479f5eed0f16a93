import { type CatalogFile, deinterlaceOf, listFiles } from '../../catalog/index.ts';
import type { Db } from '../../db/index.ts';
import { parseRate, rateNumber } from '../../media/index.ts';
import { activePictures } from '../store.ts';
import { ownPictures } from './store.ts';
import type { Ranked } from './worth.ts';

/** What counts of each shot of the workspace where copies are chosen between, by id: one list, so that all who choose choose alike. */
export async function rankedShots(db: Db): Promise<Map<string, Ranked>> {
  const files = new Map((await listFiles(db)).map((file) => [file.id, file]));
  const active = await activePictures(db);
  const ranked = (await ownPictures(db)).flatMap((shot): [string, Ranked][] => {
    const file = files.get(shot.fileId);
    if (!file) return [];
    const { width, height } = shot.picture ?? active.get(shot.fileId) ?? file.facts;
    const { id, inFrame, outFrame } = shot;
    const scan = scanOf(file);
    const pixels = (width * height) / (scan === 'interlaced' ? 2 : 1);
    const seconds = (outFrame - inFrame) / rateNumber(parseRate(file.fps));
    const one = { id, seconds, pixels, scan, in: inFrame, out: outFrame };
    return [[id, { ...one, bitsASecond: bitsOf(file), film: file.sha256 }]];
  });
  return new Map(ranked);
}

function scanOf({ facts }: CatalogFile): Ranked['scan'] {
  if (facts.telecine?.kind === 'hard') return 'telecined';
  return deinterlaceOf(facts) ? 'interlaced' : 'progressive';
}

const bitsOf = ({ bytes, frames, fps }: CatalogFile): number =>
  (8 * bytes * rateNumber(parseRate(fps))) / Math.max(1, frames);
