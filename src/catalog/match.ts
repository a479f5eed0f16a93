import { basename, dirname, extname } from 'node:path';
import { Refusal } from './refusal.ts';

/**
 * Finds the film that a sidecar belongs to, by name alone. Both lie in the same folder; case does not count.
 *
 * 1. The same name (`film.srt`, `film.mp4`).
 * 2. The film with the longest name that the sidecar's name goes on from (`film.eng.srt`, `film_shots.csv`).
 * 3. The only film whose name goes on from the sidecar's, without its dotted endings
 *    (`popeye_p1.eng.srt`, `popeye_p1_1440x1074_hevc.mkv`).
 *
 * A name goes on at a dot, space, hyphen, underscore or bracket, and never with a number or part of its own:
 * `film_2.srt` is not the sidecar of `film.mp4`, nor `film.srt` that of `film_reel2.mp4`.
 * @param films paths of the films that are catalogued
 * @throws Refusal `no-film-for-sidecar`, `ambiguous-sidecar`
 */
export function filmOf(sidecar: string, films: readonly string[]): string {
  const name = stem(sidecar);
  const beside = films.filter((film) => dirname(film) === dirname(sidecar));
  const same = beside.filter((film) => stem(film) === name);
  const longest = longestOf(beside.filter((film) => goesOn(stem(film), name)));
  const bases = dottedBases(name).map((base) =>
    beside.filter((film) => goesOn(base, stem(film)) || stem(film) === base),
  );
  const matches = [same, longest, ...bases].find((group) => group.length > 0) ?? [];
  if (matches.length === 1 && matches[0] !== undefined) return matches[0];
  throw matches.length > 1 ? ambiguous(matches) : noFilm(name);
}

const stem = (path: string): string => basename(path, extname(path)).normalize('NFC').toLowerCase();

/** The name itself, then without its dotted endings one by one: `a.eng.sdh`, `a.eng`, `a`. */
function dottedBases(name: string): string[] {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? [name, ...dottedBases(name.slice(0, dot))] : [name];
}

/** What may not follow where a name goes on: a bare number, or a part's name with its number. */
const ownPart =
  /^(?:\d+|[a-z]?\d{1,3}|(?:part|reel|cd|disc|disk|ep|episode|pt|vol)[ ._-]?\d+)(?:[ ._\-([]|$)/;

function goesOn(base: string, longer: string): boolean {
  if (!longer.startsWith(base) || longer.length === base.length) return false;
  const rest = longer.slice(base.length);
  return /^[ ._\-([]+/.test(rest) && !ownPart.test(rest.replace(/^[ ._\-([]+/, ''));
}

function longestOf(films: readonly string[]): string[] {
  const length = Math.max(0, ...films.map((film) => stem(film).length));
  return films.filter((film) => stem(film).length === length);
}

function ambiguous(films: readonly string[]): Refusal {
  const names = films.map((film) => basename(film)).join(', ');
  return new Refusal(
    'ambiguous-sidecar',
    `its name fits several films (${names}): name it after one of them`,
  );
}

function noFilm(name: string): Refusal {
  const reason = `no catalogued film beside it has a name that fits "${name}"`;
  return new Refusal(
    'no-film-for-sidecar',
    `${reason}: name it after its film, and add that first or with it`,
  );
}
