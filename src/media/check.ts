import { BacklotError } from '../contract/index.ts';
import { localOnly } from './probe.ts';
import { type FieldLook, fieldFilter, fieldLookOf } from './pulldown.ts';
import { mediaThreads, runFfmpeg } from './run.ts';
import { type Seek, seekArguments } from './seek.ts';
import { inputArguments, keepDamaged } from './sequence.ts';

/** What decoding every frame of a film showed. */
export interface DecodeCheck {
  /** Timestamp of each decoded frame in presentation order, in units of the stream's time base, counted from the
   * container's start; NaN where the file gives none. */
  pts: number[];
  /** How the fields of each frame look, where that was asked for. */
  fields: FieldLook[];
  /** Errors that the decoder reported, and frames that it marked as corrupt. */
  errors: number;
  /** The first few of them, in ffmpeg's words. */
  messages: string[];
  /** How often the picture's size or format changes on the way. */
  formatChanges: number;
  /** What the system said where it did not give ffmpeg the film's bytes; some readers of containers say so of a file that is cut off. */
  unread: string | null;
  /** False where ffmpeg gave up before the end; true also where it was stopped because enough was seen. */
  finished: boolean;
}

export interface DecodeCheckOptions {
  signal?: AbortSignal | undefined;
  /** Also looks at the fields of each frame. */
  fields?: boolean | undefined;
  /** Begins at a keyframe before a frame: all that come from there on are told of. */
  seek?: Seek | undefined;
  /** Called after each frame with the number of frames so far. */
  onFrame?: (frames: number) => void;
  /** Asked after each frame with the timestamps so far: once it is true, decoding stops (default: at the end). */
  enough?: (pts: readonly number[]) => boolean;
}

const quotedMessages = 5;

/**
 * Decodes the picture of a film once, as far as is asked, and keeps the timestamps. Damage is reported, not thrown:
 * frames that come after it are there. The frames are those that `decodeFrames` gives, in the same order.
 * @throws BacklotError `ffmpeg-missing`; the signal's reason
 */
export async function checkDecode(path: string, options: DecodeCheckOptions = {}): Promise<DecodeCheck> {
  const found: DecodeCheck = {
    ...{ pts: [], fields: [], errors: 0, messages: [] },
    ...{ formatChanges: 0, unread: null, finished: true },
  };
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const onStdout = frameLines((line) => {
    if (!stop.signal.aborted) noteFrame(found, line, options);
    if (options.enough?.(found.pts)) stop.abort();
  });
  const onStderrLine = (line: string) => noteError(found, line);
  try {
    await runFfmpeg(await checkArguments(path, options), { signal, onStdout, onStderrLine });
  } catch (error) {
    if (stop.signal.aborted && !options.signal?.aborted) return found;
    if (!(error instanceof BacklotError && error.code === 'ffmpeg-failed')) throw error;
    found.finished = false;
  }
  return found;
}

/** Each frame prints its number and timestamp; `metadata` prints only frames that carry some, so one is added. */
const checkArguments = async (path: string, { fields, seek }: DecodeCheckOptions): Promise<string[]> => [
  ...['-loglevel', 'repeat+level+warning', '-threads', String(mediaThreads()), ...localOnly],
  ...[
    ...seekArguments(seek),
    '-noautorotate',
    ...(await inputArguments(path)),
    '-map',
    '0:V:0',
    '-an',
    '-sn',
    '-dn',
  ],
  ...keepDamaged,
  ...['-vf', [...(fields ? [fieldFilter] : []), noted].join(',')],
  ...['-fps_mode', 'passthrough', '-f', 'null', '-'],
];

const noted = 'metadata=add:key=b:value=1,metadata=print:direct=1:file=pipe\\\\:1';

function frameLines(note: (line: string) => void): (chunk: Buffer) => void {
  let open = '';
  return (chunk) => {
    const lines = (open + chunk.toString('latin1')).split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) note(line);
  };
}

/** The filter counts from 0 again after a change of format, because the graph is built anew. */
function noteFrame(found: DecodeCheck, line: string, options: DecodeCheckOptions): void {
  const match = /^frame:(\d+)\s+pts:(\S+)/.exec(line);
  if (!match) {
    noteFields(found, line);
    return;
  }
  if (match[1] === '0' && found.pts.length > 0) found.formatChanges += 1;
  found.pts.push(match[2] === 'NOPTS' ? Number.NaN : Number(match[2]));
  options.onFrame?.(found.pts.length);
}

/** The lines after a frame's number are about it. */
function noteFields(found: DecodeCheck, line: string): void {
  const at = found.pts.length - 1;
  const look = at < 0 ? undefined : fieldLookOf(found.fields[at], line);
  if (look) found.fields[at] = look;
}

/** What goes nowhere is counted at the rate that the film declares: two frames in one step of it are no damage. */
const aside = /^\[null\b/;

/** The system's words for a disk or share that failed or went away. */
const notGiven =
  /(Input\/output error|Stale file handle|Transport endpoint is not connected|Host is down|No such device)/i;

function noteError(found: DecodeCheck, line: string): void {
  if (aside.test(line) || !/\[(error|fatal|panic)\]|corrupt (decoded frame|input packet)/.test(line)) return;
  const message = line.replace(/ @ 0x[0-9a-f]+/g, '').trim();
  found.errors += 1;
  if (notGiven.test(message)) found.unread ??= message;
  if (found.messages.length < quotedMessages && !found.messages.includes(message))
    found.messages.push(message);
}
