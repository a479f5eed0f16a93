import type { Forecast, LossRange } from './schema.ts';
import { ENOUGH } from './verdict.ts';

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const number = (value: number): string => value.toFixed(3);

/** Of what the counts behind a forecast were made; null where there are none. */
export type Counted = { trainedSteps: number } | null;

/**
 * The forecast in sentences: what was measured, what follows, how sure it is.
 * @param titles of the dataset: they share the steps of a training
 */
export function forecastWords(
  forecast: Omit<Forecast, 'words' | 'plot' | 'id' | 'snapshotId'>,
  counted: Counted,
  titles: number,
): string {
  return [learned(forecast), more(forecast), verdict(forecast), trained(counted, titles)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function learned({
  clips,
  untrainedLoss,
  scenes,
  trials,
}: Pick<Forecast, 'clips' | 'untrainedLoss' | 'scenes' | 'trials'>): string {
  const last = trials.at(-1);
  if (!last) return '';
  return (
    `A short training on all ${clips} clips takes the loss on held-out scenes from ${number(untrainedLoss)} ` +
    `to ${number(last.value)} (${last.low === null ? tooFew(scenes) : `95 % interval ${between(last)}`}).`
  );
}

function more({ doubled }: Pick<Forecast, 'doubled'>): string {
  if (!doubled) return 'There are too few clips to say what more of them would bring.';
  const sure = doubled.low === null ? '' : ` (${between(doubled)})`;
  return `With ${doubled.clips} clips it would be about ${number(doubled.value)}${sure}.`;
}

const between = ({ low, high }: LossRange): string =>
  `${number(low ?? Number.NaN)} to ${number(high ?? Number.NaN)}`;

const tooFew = (scenes: number): string =>
  `measured on ${scenes} held-out ${scenes === 1 ? 'scene' : 'scenes'}: too few to say how sure that is`;

function verdict({ verdict, usableAt4 }: Pick<Forecast, 'verdict' | 'usableAt4'>): string {
  if (!usableAt4)
    return 'Nobody has counted usable takes on films like these with this base, so Backlot cannot tell whether this is enough.';
  const { value, low, high } = usableAt4;
  const share = `${percent(value)} of briefs (${percent(low)} to ${percent(high)}) should get a usable take among four`;
  const line = `enough means that at least ${percent(ENOUGH)} is sure`;
  return `From sample studios with as many clips that learned as fast: ${share}; ${line}. Verdict: ${verdict}.`;
}

function trained(counted: Counted, titles: number): string {
  if (!counted) return '';
  const steps = counted.trainedSteps;
  const alone = `This holds for a training as long as those that were counted, ${steps} steps for one title`;
  if (titles < 2) return `${alone}; after fewer, expect less.`;
  return `${alone}: ${titles} titles share the steps of one training, so after fewer than ${titles * steps} expect less.`;
}
