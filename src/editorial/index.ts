import { extname } from 'node:path';
import { BacklotError } from '../contract/index.ts';
import { edlText, recordStart } from './edl.ts';
import { readEdl } from './edl-read.ts';
import { fcp7Text } from './fcp7.ts';
import { readFcp7 } from './fcp7-read.ts';
import { otioText } from './otio.ts';
import { readOtio } from './otio-read.ts';
import type { ReadTimeline, Timeline } from './timeline.ts';

export { textIn } from './letters.ts';
export { otioText } from './otio.ts';
export { readTable, separatorOf } from './table.ts';
export * from './timeline.ts';

interface Format {
  write: (timeline: Timeline) => string;
  /** Timecode that the first frame is written with, as a count of frames. */
  start: (timeline: Timeline) => number;
  read: (text: string, fps: string) => ReadTimeline;
}

const ownStart = ({ start }: Timeline): number => start ?? 0;

const formats: Record<string, Format> = {
  '.otio': { write: otioText, start: ownStart, read: readOtio },
  '.edl': { write: edlText, start: recordStart, read: readEdl },
  '.xml': { write: fcp7Text, start: ownStart, read: readFcp7 },
};

/** The format that a file's ending names. @throws BacklotError `format-unknown` */
export function formatOf(path: string): Format {
  const format = formats[extname(path).toLowerCase()];
  if (format) return format;
  throw new BacklotError('format-unknown', {
    expected: `a file ending in ${Object.keys(formats).join(', ')}`,
    where: path,
    found: extname(path) || 'no ending',
    remedy: 'Name the file so that its ending says the format: .xml is Final Cut Pro 7 XML.',
  });
}
