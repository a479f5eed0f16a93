import { basename } from 'node:path';
import type { CatalogFile } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import { trackSubtitles } from '../media/index.ts';
import type { Track } from './film-subtitles.ts';
import type { Inside, Notice } from './film-words.ts';
import { parseSrt } from './subtitles.ts';

/** Codecs of text that ffmpeg reads, by its names; and those that show pictures of letters. */
const texts = ['mov_text', 'subrip', 'srt', 'ass', 'ssa', 'webvtt', 'text'];
const pictures = ['hdmv_pgs_subtitle', 'dvd_subtitle', 'dvb_subtitle', 'xsub'];

/** The subtitle tracks of a film, which are read when they are needed. */
export const insideOf = (file: Pick<CatalogFile, 'path' | 'facts'>, signal: AbortSignal): Inside => ({
  count: file.facts.tracks.filter(isSubtitle).length,
  read: (notices) => tracksInside(file, notices, signal),
});

const isSubtitle = ({ kind }: CatalogFile['facts']['tracks'][number]): boolean => kind === 'subtitle';

/**
 * The subtitle tracks of text inside a film. They are read from the master whenever they are asked for and kept nowhere (ADR 0111).
 * @param notices tracks of pictures, and those that cannot be read, are told of here
 */
async function tracksInside(
  { path, facts }: Pick<CatalogFile, 'path' | 'facts'>,
  notices: Notice[],
  signal: AbortSignal,
): Promise<Track[]> {
  const found: Track[] = [];
  const tracks = facts.tracks.filter(isSubtitle);
  for (const [place, { codec, language }] of tracks.entries()) {
    const name = `${basename(path)}, subtitle track ${place + 1} (${[codec, ...(language ? [language] : [])].join(', ')})`;
    const cues = texts.includes(codec) ? await cuesOf(path, place, signal) : null;
    if (cues) found.push({ name, language, cues });
    else notices.push(unread(name, codec));
  }
  return found;
}

async function cuesOf(path: string, place: number, signal: AbortSignal): Promise<Track['cues'] | null> {
  try {
    return parseSrt(await trackSubtitles(path, place, signal));
  } catch (error) {
    if (error instanceof BacklotError && error.code === 'ffmpeg-failed') return null;
    throw error;
  }
}

function unread(name: string, codec: string): Notice {
  if (pictures.includes(codec))
    return { code: 'track-is-pictures', message: `${name}: pictures of letters, which are not read` };
  const reason = texts.includes(codec) ? 'the film does not give it' : 'text of this kind is not read';
  return { code: 'track-unread', message: `${name}: ${reason}` };
}
