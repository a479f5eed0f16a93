import type { AddOutput, FilmFacts, ListOutput, ShowOutput } from './schema.ts';
import { reelsInWords } from './titles.ts';

/** The answers in words, for people at a terminal. */
export function addedInWords({ added, refused, known, unused }: AddOutput): string {
  const lines = added.map((entry) =>
    entry.kind === 'film'
      ? `+ ${entry.file}: ${entry.frames} frames at ${entry.fps}, reel ${entry.reel} of ${entry.title}${marked(entry.flags)}`
      : `+ ${entry.file}: sidecar of ${entry.film}`,
  );
  const skipped = known.map(({ file, reason }) => `= ${file}: ${reason}`);
  const sum = `${added.length} added, ${known.length} known, ${refused.length} refused`;
  return [...lines, ...skipped, ...refusedLines(refused), ...unusedLines(unused), sum].join('\n');
}

export function listInWords({ titles, refused }: ListOutput): string {
  if (titles.length === 0 && refused.length === 0) return 'The catalogue is empty: backlot catalog add FILES';
  const lines = titles.flatMap((title) => [
    `${title.name} (${title.id}), ${title.seconds.toFixed(1)} s${title.unmapped ? ' [unmapped]' : ''}`,
    ...title.files.map(
      (file) =>
        `  ${file.reel}. ${file.id} ${file.frames} frames at ${file.fps} ${file.path}${marked(file.flags)}`,
    ),
    ...title.missingReels.map((gap) => `  ${reelsInWords(gap, title.name)}: not in the catalogue`),
    ...title.sharedReels.map(
      (reel) => `  reel ${reel} of ${title.name}: several files, which of them comes first is not known`,
    ),
  ]);
  return [...lines, ...refusedLines(refused)].join('\n');
}

export function shownInWords({ files }: ShowOutput): string {
  return files.map(fileInWords).join('\n\n');
}

function fileInWords(file: ShowOutput['files'][number]): string {
  const { facts } = file;
  const tracks = facts.tracks.map(({ kind, codec, language }) => `${kind} ${codec} ${language ?? '?'}`);
  return [
    `${file.id} ${file.path}`,
    `  title     ${file.titleName}, reel ${file.reel}${marked(file.flags)}`,
    `  sha256    ${file.sha256}, ${file.bytes} bytes`,
    `  picture   ${facts.codec} ${facts.pixelFormat ?? ''} ${facts.width}x${facts.height}, pixels ${facts.sampleAspect}`,
    `  time      ${file.frames} frames at ${file.fps}, ${facts.decodedSeconds} s from the first decoded frame to the end of the last, ${facts.declaredSeconds ?? '?'} s declared by the container`,
    `  timecode  ${facts.variableRate ? `by when a frame shows, as ${gapsInWords(facts)}; start ` : ''}${facts.startTimecode ?? (facts.unreadTimecode ? `none: ${facts.unreadTimecode} does not exist at this rate` : 'none')}`,
    ...(facts.sequence?.contradicts ?? []).map((found) => `  headers   ${found}`),
    ...(facts.telecine ? [`  telecine  ${telecineInWords(facts.telecine)}`] : []),
    `  tracks    ${tracks.join(', ') || 'none'}`,
    ...file.sidecars.map(({ kind, path }) => `  ${kind.padEnd(9)} ${path}`),
    ...(facts.marks ?? []).map(
      ({ says, permission, info }) => `  says      ${says}: ${permission}${info ? ` (${info})` : ''}`,
    ),
    ...(facts.damaged
      ? [`  damage    ${facts.damaged.errors} errors: ${facts.damaged.messages.join('; ')}`]
      : []),
  ].join('\n');
}

const gapsInWords = ({ timeGaps }: FilmFacts): string =>
  timeGaps ? `frames are missing in ${timeGaps} places` : 'the rate varies';

const telecineInWords = ({ kind, repeats, share }: NonNullable<FilmFacts['telecine']>): string =>
  kind === 'soft'
    ? 'soft: flags alone say so, the frames are those of the film'
    : `hard, ${Math.round(100 * share)} % of it; undone for clips, ${repeats} frames repeat`;

const unusedShown = 20;

function unusedLines(unused: readonly string[]): string[] {
  if (unused.length === 0) return [];
  const shown = unused.slice(0, unusedShown).join(', ');
  const more = unused.length > unusedShown ? ` and ${unused.length - unusedShown} more` : '';
  return [`notice: ${unused.length} rows of the map name no film that was found here: ${shown}${more}`];
}

const refusedLines = (refused: ListOutput['refused']): string[] =>
  refused.map(({ file, code, reason }) => `- ${file}: ${code}: ${reason}`);

const marked = (flags: readonly string[]): string => (flags.length > 0 ? ` [${flags.join(', ')}]` : '');
