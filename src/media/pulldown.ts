/** Which field of a frame is shown first. */
export type FieldsFirst = 'top-first' | 'bottom-first';

/** What the fields of one frame look like beside those of the frame before. */
export interface FieldLook {
  /** The field that shows the same as in the frame before, where one does and the other does not. */
  repeated: 'top' | 'bottom' | null;
  /** The two fields show different moments. */
  woven: boolean;
  /** Which of them shows the earlier one, where they do. */
  order?: FieldsFirst;
  /** They show one moment, as far as can be seen; neither this nor `woven` where nothing moves. */
  whole?: boolean;
}

/** 3:2 pulldown that can be undone. */
export interface Pulldown {
  first: FieldsFirst;
  /** Where one frame of five repeats: its first and last frame that does, both included. Rising. */
  stretches: readonly (readonly [number, number])[];
}

const cycle = 5;

/** ffmpeg's filter that looks at the fields of each frame; what it says is read by `fieldLookOf`. */
export const fieldFilter = 'idet';

/** Takes the filter's words on one frame into what is known of it. */
export function fieldLookOf(before: FieldLook | undefined, line: string): FieldLook | undefined {
  const [, kind, value] = /^lavfi\.idet\.(repeated|single)\.current_frame=(\w+)/.exec(line) ?? [];
  const look = before ?? unlooked;
  if (kind === 'single' && (value === 'tff' || value === 'bff'))
    return { ...look, woven: true, order: orders[value] };
  if (kind === 'single') return value === 'progressive' ? wholeLook(look) : look;
  if (kind !== 'repeated') return before;
  return value === 'top' || value === 'bottom' ? { ...look, repeated: value } : look;
}

const orders = { tff: 'top-first', bff: 'bottom-first' } as const;

/** ffmpeg's name of an order of fields. */
export const parityOf = (first: FieldsFirst): string => (first === 'top-first' ? 'tff' : 'bff');

/** A frame of which nothing stands out: shared, as most are. */
const unlooked: FieldLook = Object.freeze({ repeated: null, woven: false });
const plainWhole: FieldLook = Object.freeze({ ...unlooked, whole: true });

const wholeLook = (look: FieldLook): FieldLook => (look === unlooked ? plainWhole : { ...look, whole: true });

/**
 * ffmpeg's filters that undo 3:2 pulldown, one frame out for each in, so that indexes hold. Of the five frames AA BB BC CD DD the
 * third and fourth take their second field from the frame before, which makes AA BB BB CC DD: each film frame whole, one twice.
 * Frames outside the stretches are video, and are deinterlaced.
 * @param height lines of a picture; colours that share lines need a multiple of four
 * @param from the frame of the film that comes first
 */
export function pulldownFilters({ first, stretches }: Pulldown, height: number, from = 0): string {
  const isTop = first === 'top-first';
  const [own, other] = isTop ? ['top', 'bottom'] : ['bottom', 'top'];
  const fields = isTop ? '[own][other]' : '[other][own]';
  const n = `(n+${from})`;
  const spare = height % 4 === 0 ? [] : [`crop=iw:${height}:0:0:exact=1`];
  const parts = [
    `${spare.length > 0 ? 'pad=iw:ceil(ih/4)*4,' : ''}settb=1/30,setpts=N,split=3[as][now][then]`,
    `[now]field=type=${own}[own]`,
    `[then]loop=loop=1:size=1:start=0,setpts=N,field=type=${other}[other]`,
    `${fields}vstack=shortest=1,il=l=i:c=i:a=i[joined]`,
    `[as][joined]blend=all_mode=normal:all_opacity=0:shortest=1:enable='${tree(stretches, n, joinedIn)}'`,
  ];
  const video = `bwdif=mode=send_frame:parity=${parityOf(first)}:deint=all:enable='${tree(covered(stretches), n, outside)}'`;
  return [parts.join(';'), video, ...spare].join(',');
}

type Stretch = readonly [number, number];

/** In the frame that repeats and the one after it. */
const joinedIn = ([from, to]: Stretch, n: string): string =>
  `between(${n},${from},${to + 1})*lt(mod(${n}-${from},${cycle}),2)`;
const outside = ([from, to]: Stretch, n: string): string => `not(between(${n},${from},${to}))`;

/** Frames whose fields are known: of whole cycles, and up to the film's ends beside them. */
const covered = (stretches: readonly Stretch[]): Stretch[] =>
  stretches.map(([from, to], i) => [
    i === 0 && from <= cycle ? 0 : from - 2,
    i === stretches.length - 1 ? to + cycle : to + 2,
  ]);

/** A search tree over stretches, as ffmpeg refuses expressions that nest deeper than 100. */
function tree(stretches: readonly Stretch[], n: string, say: typeof outside): string {
  const [first] = stretches;
  if (!first) return '0';
  if (stretches.length === 1) return say(first, n);
  const half = stretches.length >> 1;
  const edge = ((stretches[half - 1] as Stretch)[1] + (stretches[half] as Stretch)[0]) >> 1;
  return `if(lte(${n},${edge}),${tree(stretches.slice(0, half), n, say)},${tree(stretches.slice(half), n, say)})`;
}

/** The stretches in which every fifth frame repeats. @param repeats rising */
export function stretchesOf(repeats: Iterable<number>): [number, number][] {
  const found: [number, number][] = [];
  for (const at of repeats) {
    const last = found.at(-1);
    if (last && at - last[1] === cycle) last[1] = at;
    else found.push([at, at]);
  }
  return found;
}
