import type { Adopted, Comparison, Discarded, ExportOutput } from './exchange-schema.ts';
import type { Detected, FoundInFile, ListOutput, Studied } from './schema.ts';

export function detectedInWords(output: FoundInFile | Detected): string {
  return 'shots' in output ? foundInWords(output) : passesInWords(output);
}

function foundInWords({ file, frames, fps, shots, transitions }: FoundInFile): string {
  const lines = shots.map((shot, i) => `${String(i + 1).padStart(4)}  ${shot.in}..${shot.out - 1}`);
  const gradual = transitions.filter(({ type }) => type !== 'cut');
  const mixed = gradual.map(({ start, end, type }) => `${type} ${start}..${end}`);
  const cuts = transitions.length - gradual.length;
  const head = `${file}: ${frames} frames at ${fps}, ${shots.length} shots, ${cuts} cuts`;
  return [head, ...lines, ...(mixed.length > 0 ? [`not in a shot: ${mixed.join(', ')}`] : [])].join('\n');
}

function passesInWords({ files, known, failed }: Detected): string {
  const lines = files.map(
    ({ file, shots, transitions: { cut, fade, dissolve, wipe } }) =>
      `${file}: ${shots} shots (${cut} cuts, ${fade} fades, ${dissolve} dissolves, ${wipe} wipes)`,
  );
  const refused = failed.map(({ file, reason }) => `failed: ${file}: ${reason}`);
  return [...lines, ...refused, `${files.length} files done, ${known} known, ${failed.length} failed`].join(
    '\n',
  );
}

/** Shots under the names of their films; cuts lie where one ends and the next begins, other transitions have lines of their own. */
export function listInWords({ films, shots, transitions, without }: ListOutput): string {
  const shotsOf = Map.groupBy(shots, ({ fileId }) => fileId);
  const mixes = Map.groupBy(
    transitions.filter(({ type }) => type !== 'cut'),
    ({ fileId }) => fileId,
  );
  const found = films.flatMap(({ fileId, title, reel, path }) => {
    const own = shotsOf.get(fileId) ?? [];
    if (own.length === 0) return [];
    const head = `${title}, reel ${reel}: ${own.length} shots, ${path}`;
    return [head, ...linesOf(own, mixes.get(fileId) ?? [])];
  });
  const none = [
    'No shots of what was asked for: `backlot shots detect` finds those of films that were not yet looked at.',
  ];
  return [...(shots.length === 0 ? none : found), ...without.map(lackingInWords)].join('\n');
}

const lackingInWords = ({ title, reel, path, reason }: ListOutput['without'][number]): string =>
  `${title}, reel ${reel}: no shots, ${path}: ${reason ?? 'not looked for yet'}`;

function linesOf(shots: ListOutput['shots'], mixes: ListOutput['transitions']): string[] {
  const lines = [
    ...shots.map(({ id, inTimecode, outTimecode, in: from, out, marks }) => ({
      ...{ from, text: [`${id}  ${inTimecode} - ${outTimecode}  ${out - from} frames`, ...marks].join('  ') },
    })),
    ...mixes.map(({ type, start, end }) => ({ from: start, text: `${type}, frames ${start}..${end}` })),
  ];
  return lines.toSorted((a, b) => a.from - b.from).map(({ text }) => `  ${text}`);
}

export function studiedInWords({ files, known, silent, failed }: Studied, what: 'text' | 'speech'): string {
  const lines = files.map(({ file, shots, found }) => `${file}: ${what} in ${found} of ${shots} shots`);
  const refused = failed.map(({ file, reason }) => `failed: ${file}: ${reason}`);
  const quiet = silent.length > 0 ? [`${silent.length} files without sound: nothing is said of them`] : [];
  const sum = `${files.length} files done, ${known} known, ${failed.length} failed`;
  return [...lines, ...quiet, ...refused, sum].join('\n');
}

export const exportInWords = ({ to, shots, transitions, startTimecode, notices }: ExportOutput): string =>
  [
    `${to}: ${shots} shots and ${transitions} fades, dissolves and wipes from ${startTimecode} on`,
    ...notices,
  ].join('\n');

export const adoptedInWords = ({ cut, shots, transitions, placedBy, notices }: Adopted): string =>
  [
    `${shots} shots and ${transitions} fades, dissolves and wipes taken from ${cut}, laid on the film ${laidBy[placedBy]}`,
    ...notices.map((notice) => `notice: ${notice}`),
  ].join('\n');

export const discardedInWords = ({ file, shots }: Discarded): string =>
  `${shots} shots of ${file} taken back: shots detect finds them, shots adopt takes another cut`;

const laidBy: Record<Comparison['placedBy'], string> = {
  timecode: 'by timecode',
  'first-frame': "with its first frame on the film's first",
};

const placesShown = 20;

export function comparisonInWords(output: Comparison): string {
  const { cut, placedBy, shots, same, onlyInCut, onlyFound, notices, shotList } = output;
  return [
    `${cut}: ${shots.length} shots, laid on the film ${laidBy[placedBy]}; ${same} are as found`,
    ...placesInWords('only in the cut', onlyInCut),
    ...placesInWords('only found', onlyFound),
    ...notices.map((notice) => `notice: ${notice}`),
    ...(shotList === null ? [] : [`shot list: ${shotList}`]),
    'Nothing was changed.',
  ].join('\n');
}

function placesInWords(what: string, places: Comparison['onlyInCut']): string[] {
  const more =
    places.length > placesShown ? [`  and ${places.length - placesShown} more (--json lists all)`] : [];
  const shown = places.slice(0, placesShown);
  return [
    ...shown.map(({ inTimecode, outTimecode, name }) =>
      `${what}: ${inTimecode} - ${outTimecode}  ${name}`.trimEnd(),
    ),
    ...more,
  ];
}
