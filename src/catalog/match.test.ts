import { describe, expect, it } from 'vitest';
import { filmOf } from './match.ts';

const at = (name: string) => `/films/${name}`;
const match = (sidecar: string, ...films: string[]) =>
  filmOf(at(sidecar), films.map(at)).slice('/films/'.length);

describe('a sidecar finds its film', () => {
  it('by the same name, before any other', () => {
    expect(match('ep1-2.srt', 'ep1.mp4', 'ep1-2.mp4')).toBe('ep1-2.mp4');
    expect(match('Film.SRT', 'film.mp4', 'film.director.mp4')).toBe('film.mp4');
  });

  it('by a name that goes on from the film, the longest first', () => {
    expect(match('film.eng.srt', 'film.mp4', 'other.mp4')).toBe('film.mp4');
    expect(match('film_shots.csv', 'film.mp4')).toBe('film.mp4');
    expect(match('film.cut.eng.srt', 'film.mp4', 'film.cut.mp4')).toBe('film.cut.mp4');
  });

  it('by the start of the name of one film', () => {
    const films = ['popeye_p1_1440x1074_hevc_pgs.mkv', 'popeye_p2_720x478_hevc_vobsub.mkv'];
    expect(match('popeye_p1.eng.srt', ...films)).toBe(films[0]);
    expect(match('popeye_p2.eng.sdh.srt', ...films)).toBe(films[1]);
  });

  it('with letters composed in either way', () => {
    expect(match('Mu\u0308de.srt', 'M\u00fcde.mp4')).toBe('M\u00fcde.mp4');
  });

  it('never across a part number, a half word or a folder', () => {
    const none = { code: 'no-film-for-sidecar' };
    expect(() => match('film_2.srt', 'film.mp4')).toThrow(expect.objectContaining(none));
    expect(() => match('film.srt', 'film_reel2.mp4')).toThrow(expect.objectContaining(none));
    expect(() => match('popeye.srt', 'popeye_p1_1440x1074.mkv')).toThrow(expect.objectContaining(none));
    expect(() => match('fil.srt', 'film.mp4')).toThrow(expect.objectContaining(none));
    expect(() => match('films.srt', 'film.mp4')).toThrow(expect.objectContaining(none));
    expect(() => filmOf('/elsewhere/film.srt', [at('film.mp4')])).toThrow(expect.objectContaining(none));
  });

  it('and is refused where several films fit', () => {
    const several = { code: 'ambiguous-sidecar' };
    expect(() => match('film.srt', 'film.mp4', 'film.mkv')).toThrow(expect.objectContaining(several));
    expect(() => match('film.srt', 'film_wide.mp4', 'film_tall.mp4')).toThrow(
      expect.objectContaining(several),
    );
  });
});
