import { grantedWords } from '../catalog/index.ts';
import { canToneMap } from '../media/index.ts';
import type { Film } from './plan.ts';
import type { FreezeOptions, SnapshotRecord } from './schema.ts';

/** What a person should know of the films of a snapshot, for which nothing is left out. */
type Notices = SnapshotRecord['notices'];

interface Made {
  films: readonly Film[];
  clips: readonly { shot: string }[];
}

/** The films of which a clip was made: what was done to others was done to nothing. */
function givingFilms({ films, clips }: Made): Film[] {
  const giving = new Set(clips.map(({ shot }) => shot));
  return films.filter(({ shots }) => shots.some(({ id }) => giving.has(id)));
}

export const toneMapped = (made: Made, { hdr }: FreezeOptions): Notices =>
  givingFilms(made)
    .filter((film) => hdr === 'tone-map' && canToneMap(film.hdr))
    .map((film) => ({
      file: film.sha256,
      code: 'tone-mapped',
      message: `${film.hdr?.toUpperCase()} light brought into BT.709, highlights rolled off`,
    }));

export const narrowed = (made: Made): Notices =>
  givingFilms(made)
    .filter(({ wide, isLightUntold }) => wide && !isLightUntold)
    .map(({ sha256, wide }) => ({
      ...{ file: sha256, code: 'colours-narrowed' },
      message: `colours of ${wide} brought into BT.709, those beyond it cut off`,
    }));

export const takenForGranted = (made: Made): Notices =>
  givingFilms(made).flatMap(({ sha256, granted }) =>
    (granted ?? []).map((code) => ({ file: sha256, code, message: grantedWords[code] })),
  );

/** Films with shots that give clips and that `shots text` has not read: what was to be refused for its text may be among them. */
export function textUnread({ films, clips }: Made, { text }: FreezeOptions): Notices {
  const giving = new Set(clips.map(({ shot }) => shot));
  return films.flatMap(({ sha256, shots }) => {
    const count = shots.filter((shot) => giving.has(shot.id) && !shot.isRead).length;
    const message = `text was not looked for in ${count} shots that give clips, so none was left out for it: shots text reads them`;
    return text === 'refuse' && count > 0 ? [{ file: sha256, code: 'text-unknown', message }] : [];
  });
}
