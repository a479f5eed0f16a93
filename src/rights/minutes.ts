import { parseRate } from '../media/index.ts';
import type { Holdings } from './bulk.ts';

/** Length of each shot in minutes of film. */
export function minutesByShot({ files, shots }: Pick<Holdings, 'files' | 'shots'>): Map<string, number> {
  const rates = new Map(files.map(({ id, fps }) => [id, parseRate(fps)]));
  return new Map(
    shots.map((shot) => {
      const rate = rates.get(shot.fileId);
      return [shot.id, rate ? ((shot.out - shot.in) * rate.den) / rate.num / 60 : 0];
    }),
  );
}
