import { expect, it } from 'vitest';
import { narrowed, takenForGranted, toneMapped } from './notices.ts';
import type { Film } from './plan.ts';
import type { FreezeOptions } from './schema.ts';

const film = (sha256: string, more: Partial<Film>): Film =>
  ({
    sha256,
    hdr: null,
    wide: null,
    isLightUntold: false,
    shots: [{ id: `sht_${sha256}` }],
    ...more,
  }) as Film;

it('what was done to the light of films is told of those alone that gave clips', () => {
  const options = { hdr: 'tone-map' } as FreezeOptions;
  const [a, b] = [film('a', { hdr: 'pq' }), film('b', { hdr: 'pq' })];
  const told = toneMapped({ films: [a, b], clips: [{ shot: 'sht_b' }] }, options);
  expect(told).toMatchObject([{ file: 'b', code: 'tone-mapped' }]);
  const wide = [film('a', { wide: 'bt2020' }), film('b', { wide: 'bt2020' })];
  expect(narrowed({ films: wide, clips: [{ shot: 'sht_a' }] })).toMatchObject([{ file: 'a' }]);
});

it('what was taken for granted of a picture is told where clips were made of it', () => {
  const films = ['a', 'b'].map((name) => film(name, { granted: ['alpha-ignored', 'light-assumed'] }));
  expect(
    takenForGranted({ films: [...films, film('c', {})], clips: [{ shot: 'sht_b' }, { shot: 'sht_c' }] }),
  ).toMatchObject([
    { file: 'b', code: 'alpha-ignored', message: expect.stringContaining('transparency') },
    { file: 'b', code: 'light-assumed', message: expect.stringContaining('logarithmic') },
  ]);
});
