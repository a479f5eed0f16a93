import { rngOf, shuffled } from './random.ts';
import type { Title } from './spec.ts';

/** Who plays a character; the party of the ledger carries the same id. */
export interface Performer {
  readonly id: string;
  readonly name: string;
  readonly character: string;
  readonly guest: boolean;
}

const FIRST = [
  'Ada',
  'Benno',
  'Carla',
  'Dimitri',
  'Elif',
  'Femi',
  'Greta',
  'Hiro',
  'Ines',
  'Jonas',
  'Kaya',
  'Lech',
  'Mira',
  'Noor',
  'Otto',
  'Priya',
  'Quinn',
  'Rosa',
  'Sami',
  'Tove',
  'Uma',
];
const LAST = [
  'Abara',
  'Brandt',
  'Castel',
  'Dunmore',
  'Eriksen',
  'Fontaine',
  'Grau',
  'Halloran',
  'Ivanova',
  'Jansen',
  'Kimura',
  'Lindqvist',
  'Moreau',
  'Nowak',
  'Okafor',
  'Petrov',
  'Quist',
  'Rossi',
  'Sandoval',
  'Tanaka',
  'Ueda',
];

const idOf = (name: string) => name.toLowerCase().replace(/[^a-z]+/g, '-');

/** The performers of a title: invented people, the same for every seed of the studio, and no two titles share one. */
export function castOf(title: Title, all: readonly Title[]): Performer[] {
  const rng = rngOf('cast');
  const [firsts, lasts] = [shuffled(rng, FIRST), shuffled(rng, LAST)];
  const characters = all.flatMap((t) => [...t.characters, ...(t.guest ? [t.guest] : [])]);
  return [...title.characters, ...(title.guest ? [title.guest] : [])].map((character) => {
    const i = characters.indexOf(character);
    const name = `${firsts[i % FIRST.length]} ${lasts[(i * 4 + 1) % LAST.length]}`;
    return { id: idOf(name), name, character: character.name, guest: character === title.guest };
  });
}

/** The end credits of a film in which the guest appears or does not. */
export function creditsOf(performers: readonly Performer[], withGuest: boolean): string[] {
  const seen = performers.filter((p) => withGuest || !p.guest);
  return [
    'With the voices of',
    ...seen.map((p) => `${p.character} - ${p.name}`),
    'Drawn at the sample studio',
  ];
}
