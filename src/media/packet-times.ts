import { localOnly } from './probe.ts';
import { runFfprobe } from './run.ts';
import { inputArguments } from './sequence.ts';

/**
 * Timestamps of the picture's packets in presentation order, in units of the stream's time base; NaN where one has none. Reads the
 * file and decodes nothing: what is damaged or left out by an edit list may be among a decoder's frames or not.
 * @throws BacklotError `ffprobe-failed`
 */
export async function packetTimes(path: string, signal?: AbortSignal): Promise<number[]> {
  const asked = ['-select_streams', 'V:0', '-show_entries', 'packet=pts,flags', '-of', 'csv=p=0'];
  const text = await runFfprobe(
    ['-v', 'error', ...localOnly, ...asked, ...(await inputArguments(path))],
    signal,
  );
  const packets = text.split('\n').map((line) => line.split(','));
  const shown = packets.filter(([pts, flags = '']) => pts && !flags.includes('D'));
  return shown.map(([pts]) => Number(pts)).sort((a, b) => a - b);
}
