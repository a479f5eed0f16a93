import { about, joinedOnes, scans } from './joined.ts';
import type { Copy, Why } from './schema.ts';

/** What is known of a shot that may stay or be left out. */
export interface Ranked {
  id: string;
  /** How long it shows: copies run at other rates, and pulldown adds frames. */
  seconds: number;
  /** Pixels of its picture inside of black bars; of an interlaced one half, as many as a field has. */
  pixels: number;
  /** How its film's file holds pictures: whole, as fields of pictures that are whole once it is undone, or as fields of different moments. */
  scan: 'progressive' | 'telecined' | 'interlaced';
  /** Of its film's file. */
  bitsASecond: number;
  /** Content hash of its film, and the frame at which it begins: says which of equals is the first, whenever they came. */
  film: string;
  in: number;
  /** The frame after its last. */
  out: number;
}

/** What an archivist asks of a shot among its copies, in the order of what counts; the smaller number is better. */
interface Worth extends Ranked {
  /** 1 where it lacks more than a tenth of the time of the longest: a trailer's or recap's. */
  isShort: number;
  /** 1 where it shows a part of the picture of another. */
  isCut: number;
  /** 1 where its picture is smaller by more than a tenth than the largest: a copy for screening, or of another scan. */
  isSmall: number;
  /** 1 where it is two shots in another film: a clip of it may hold a cut. */
  isJoined: number;
  /** Copies that are mirrored, graded anew or retimed against it: of the one that differs from the others there are most. */
  unlike: number;
}

export interface Worths {
  /** Below nought where the first is to stay before the second. */
  compare(a: string, b: string): number;
  /** Why the first stays before the second. */
  why(a: string, b: string): Why;
}

const questions: readonly [Why, (one: Worth) => number][] = [
  ['longer', ({ isShort }) => isShort],
  ['whole picture', ({ isCut }) => isCut],
  ['larger picture', ({ isSmall }) => isSmall],
  ['progressive', ({ scan }) => scans.indexOf(scan)],
  ['one shot', ({ isJoined }) => isJoined],
  ['as most copies show it', ({ unlike }) => unlike],
  ['larger picture', ({ pixels }) => -pixels],
  ['more bits', ({ bitsASecond }) => -bitsASecond],
];

/**
 * How copies compare that nobody chose between: the longer one stays (a feature's before a trailer's), then the one that shows the whole
 * picture, the larger one, the progressive one, the one that no other film shows as two shots, the one that is neither mirrored nor graded
 * anew nor retimed against most others, the one of more bits a second. What still ties goes by the films' content, so that the order of
 * import says nothing. One that is two elsewhere is not long: those two are, which together show as much.
 * @param copies pairs of these shots
 */
export function worthOf(shots: readonly Ranked[], copies: readonly Copy[]): Worths {
  const worth = new Map<string, Worth>();
  const byId = new Map(shots.map((shot) => [shot.id, shot]));
  const cut = new Set(copies.flatMap(({ b, kinds }) => (kinds.includes('cropped') ? [b.shot] : [])));
  const unlike = unlikeOnes(copies);
  const joined = joinedOnes(byId, copies);
  for (const ids of groupsOf(copies, byId.keys())) {
    const group = ids.map((id) => byId.get(id) as Ranked);
    const single = group.filter(({ id }) => !joined.has(id));
    const [seconds, pixels] = [most(single, (one) => one.seconds), most(group, (one) => one.pixels)];
    for (const one of group) {
      worth.set(one.id, {
        ...one,
        isJoined: Number(joined.has(one.id)),
        isShort: Number(one.seconds < about * seconds),
        isCut: Number(cut.has(one.id)),
        isSmall: Number(one.pixels < about * pixels),
        unlike: unlike.get(one.id) ?? 0,
      });
    }
  }
  return comparing(worth);
}

function comparing(worth: ReadonlyMap<string, Worth>): Worths {
  const of = (id: string) => worth.get(id) as Worth;
  const firstOf = (a: string, b: string) =>
    questions.find(([, ask]) => ask(of(a)) !== ask(of(b))) ?? (['first of equals', () => 0] as const);
  return {
    compare: (a, b) => {
      const [, ask] = firstOf(a, b);
      return ask(of(a)) - ask(of(b)) || byContent(of(a), of(b));
    },
    why: (a, b) => firstOf(a, b)[0],
  };
}

const byContent = (a: Ranked, b: Ranked): number =>
  a.film === b.film ? a.in - b.in : a.film < b.film ? -1 : 1;

const most = (group: readonly Ranked[], read: (one: Ranked) => number): number =>
  group.reduce((largest, one) => Math.max(largest, read(one)), 0);

/** How many copies each shot has that are mirrored, graded anew or retimed against it. */
function unlikeOnes(copies: readonly Copy[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { a, b, kinds } of copies) {
    if (kinds.every((kind) => kind === 'cropped')) continue;
    for (const { shot } of [a, b]) counts.set(shot, (counts.get(shot) ?? 0) + 1);
  }
  return counts;
}

/** Ids that are linked by copies, each group in the order of its first pair; those of no pair are groups of one. */
export function groupsOf(copies: readonly Copy[], alone: Iterable<string> = []): string[][] {
  const groupOf = new Map<string, Set<string>>();
  const of = (id: string): Set<string> => groupOf.get(id) ?? new Set([id]);
  for (const { a, b } of copies) {
    const [one, other] = [of(a.shot), of(b.shot)].sort((x, y) => y.size - x.size) as [
      Set<string>,
      Set<string>,
    ];
    for (const id of other) one.add(id);
    for (const id of [a.shot, b.shot, ...other]) groupOf.set(id, one);
  }
  for (const id of alone) groupOf.set(id, of(id));
  return [...new Set(groupOf.values())].map((ids) => [...ids]);
}
