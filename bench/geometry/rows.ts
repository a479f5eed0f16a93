import { bootstrap, rangeOf } from '../../src/assess/curve.ts';
import type { CheckLine } from '../../src/contract/index.ts';
import { wilson } from '../../src/review/index.ts';
import type { WorldBrief } from '../base/briefs.ts';
import { allRight, isRight, READ_WELL, shownIn, type TruthRow, type Words } from '../reader/words.ts';
import { AS_SHIPPED, WHOLE } from './arms.ts';

/** A line that `compared.py` prints. */
export type Found = CodecFound | ArmFound | DecoderFound;

/** `block` null: the clips as they are. */
interface CodecFound {
  block: number[] | null;
  components: number;
  tokens: number;
  psnr: number[];
  lines: CheckLine[];
}

interface ArmFound {
  arm: string;
  mark: number;
  load: number;
  steps: number;
  clips: number;
  stills: number;
  loss: number;
  parameters: number;
  /** PSNR of the predicted clip, by the noise's time and clip. */
  guesses: Record<string, number[]>;
  losses: number[];
  lines?: CheckLine[];
}

interface DecoderFound {
  decoder: string;
  steps: number;
  sharpness: number;
  flicker: number;
  psnr: number[];
  lines: CheckLine[];
  takes: CheckLine[];
}

/** What each id should show. */
type Asked = ReadonlyMap<string, Words>;
interface Asking {
  clips: Asked;
  takes: Asked;
  seed: number;
}

export function rowsOf(
  lines: readonly Found[],
  briefs: readonly WorldBrief[],
  truth: readonly TruthRow[],
  seed: number,
) {
  const asking = {
    clips: new Map(truth.map((row) => [row.id, shownIn(row)])),
    takes: new Map(briefs.map(({ id, words }) => [id, words])),
    seed,
  };
  const arms = lines.filter((line) => 'arm' in line);
  return lines.flatMap((line) => {
    if ('arm' in line) return armRows(line, arms, asking);
    return 'decoder' in line ? decoderRows(line, asking) : codecRows(line, asking);
  });
}

const rounded = (value: number, digits = 3): number => Number(value.toPrecision(digits));
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function codecRows({ block, components, tokens, psnr, lines }: CodecFound, asking: Asking) {
  const what = block
    ? `codec ${block.join('x')}, ${components} components, ${tokens} tokens`
    : 'clips as they are';
  const read = allRead(what, lines, asking.clips);
  return block ? [spread(`${what}: held-out clips`, psnr, 'dB', asking.seed), read] : [read];
}

/** Of clips, each of its own words: all five that the reader reads well. */
function allRead(what: string, lines: readonly CheckLine[], asked: Asked) {
  const hits = lines.filter((line) => allRight(line, wordsFor(line, asked), READ_WELL));
  const { value, low, high } = wilson(hits.length, lines.length);
  const [v, l, h] = [value, low, high].map((one) => rounded(one));
  return {
    what: `${what}: all five words read`,
    unit: 'share of clips',
    n: lines.length,
    value: v,
    low: l,
    high: h,
  };
}

/** A take's id is its brief's and the candidate's number; a clip's is its own. */
function wordsFor({ id }: CheckLine, asked: Asked): Words {
  const words = asked.get(id) ?? asked.get(id.replace(/-\d+$/, ''));
  if (!words) throw new Error(`bench/geometry: nothing is asked of ${id}`);
  return words;
}

function armRows(found: ArmFound, all: readonly ArmFound[], asking: Asking) {
  const what = `${found.arm}, ${found.mark} CPU s`;
  const first = all.find(({ arm, mark }) => arm === AS_SHIPPED.name && mark === found.mark);
  const seen = `clips and ${found.stills} single frames in ${found.steps} steps, ${rounded(found.parameters / 1e6)} M parameters`;
  return [
    { what: `${what}: seen`, value: found.clips, unit: seen },
    ...Object.entries(found.guesses).flatMap(([time, values]) =>
      beside(`${what}: clip predicted at t ${time}`, values, first?.guesses[time], 'dB', asking.seed),
    ),
    ...beside(
      `${what}: held-out loss`,
      found.losses,
      sameCodec(found) ? first?.losses : undefined,
      '',
      asking.seed,
    ),
    ...takeRows(what, found.lines ?? [], asking),
  ];
}

/** Whether losses can be compared with those as shipped: of another codec's latents they mean something else. */
const sameCodec = (found: ArmFound): boolean =>
  WHOLE.arms.some(({ name, block }) => name === found.arm && `${block}` === `${AS_SHIPPED.block}`);

/** The mean, and clip by clip what it is above the arm that is as shipped. */
function beside(what: string, values: number[], first: number[] | undefined, unit: string, seed: number) {
  const own = spread(what, values, unit, seed);
  if (!first || first === values) return [own];
  const more = values.map((value, clip) => value - (first[clip] ?? value));
  return [own, spread(`${what}, above as shipped`, more, unit, seed)];
}

function spread(what: string, values: readonly number[], unit: string, seed: number) {
  const ids = values.map((_, index) => String(index));
  const over = (drawn: readonly string[]) => mean(drawn.map((id) => values[Number(id)] ?? 0));
  const { value, low, high } = rangeOf(bootstrap(ids, seed, over), over(ids));
  return { what, unit, n: values.length, value: rounded(value), low: rounded(low), high: rounded(high) };
}

/** Each word that the reader reads well, and their mean; 95 % over briefs, as takes of one brief are alike. */
function takeRows(what: string, lines: readonly CheckLine[], { takes, seed }: Asking) {
  if (lines.length === 0) return [];
  const by = (passes: (line: CheckLine, words: Words) => number) =>
    [...takes].map(([brief, words]) =>
      mean(lines.filter(({ id }) => id.startsWith(`${brief}-`)).map((line) => passes(line, words))),
    );
  const share = (of: string, passes: (line: CheckLine, words: Words) => number) =>
    spread(`${what}: ${of}`, by(passes), 'share of takes, n briefs', seed);
  const right = (line: CheckLine, words: Words) =>
    mean(READ_WELL.map((one) => Number(isRight(line, words, one))));
  return [
    share('words right, mean of five', right),
    ...READ_WELL.map((one) => share(`${one} right`, (line, words) => Number(isRight(line, words, one)))),
    share('all five right', (line, words) => Number(allRight(line, words, READ_WELL))),
  ];
}

function decoderRows(found: DecoderFound, asking: Asking) {
  const { decoder, steps, psnr, lines, takes, sharpness, flicker } = found;
  const what = decoder === 'linear' ? 'linear decoder' : `learned decoder, ${steps} steps`;
  return [
    spread(`${what}: held-out clips`, psnr, 'dB', asking.seed),
    allRead(what, lines, asking.clips),
    ...takeRows(`${what}, takes of the shipped base`, takes, asking),
    { what: `${what}: sharpness of these takes`, value: rounded(sharpness), unit: 'grey levels a pixel' },
    { what: `${what}: their flicker`, value: rounded(flicker), unit: 'grey levels' },
  ];
}
