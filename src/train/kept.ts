import { inWords, type Snapshot } from '../dataset/index.ts';

/** Which clips there are to learn from, all of one size, and what the freeze left out and why; nothing is dropped after it. */
export function keptWords({ options, clips, rights, skipped }: Kept): string {
  const { frames, height, width, fps } = options;
  const size = `${frames} frames of ${height} x ${width} at ${fps}`;
  const allowed = rights.outcomes.ALLOW ?? 0;
  const refused = Object.values(rights.outcomes).reduce((sum, count) => sum + count, 0) - allowed;
  const left = [
    refused > 0 && `${refused} shots that the rights do not allow (${inWords(rights.reasons)})`,
    some(skipped.shots) && `allowed shots (${inWords(skipped.shots)})`,
    some(skipped.clips) && `clips (${inWords(skipped.clips)})`,
  ].filter((words) => words !== false);
  return `Of ${size}: ${clips.train} clips to learn from, ${clips.heldout} held out. Left out when frozen: ${left.join('; ') || 'nothing'}.`;
}

type Kept = Pick<Snapshot, 'clips' | 'skipped'> & {
  options: Pick<Snapshot['options'], 'frames' | 'height' | 'width' | 'fps'>;
  rights: Pick<Snapshot['rights'], 'outcomes' | 'reasons'>;
};

const some = (counts: Readonly<Record<string, number>>): boolean => Object.keys(counts).length > 0;
