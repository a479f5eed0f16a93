import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { CatalogFile } from '../catalog/index.ts';
import { parseShotList } from '../dataset/shot-list.ts';
import { tables } from '../db/index.ts';
import { formatOf } from '../editorial/index.ts';
import type { Context } from '../jobs/index.ts';
import { facts } from '../rights/catalogued.test-support.ts';
import { transitionsIn } from './adopt.ts';
import { compared, doubtsOf, placedOn } from './compare.ts';
import { tiledBy } from './detector.ts';
import { compareCut, exportShots } from './exchange.ts';
import type { Shot, Transition } from './schema.ts';
import { listShots, savePass } from './store.ts';
import { timelineOf } from './timeline.ts';

const kinds = ['otio', 'edl', 'xml'] as const;

/** A film at 29.97 drop-frame that starts two seconds before the hour. */
const film = (frames: number, more: Partial<CatalogFile> = {}): CatalogFile =>
  ({
    ...{ id: 'fil_1', titleId: 'ttl_1', titleName: 'The "Long" Way & Back', unmapped: false, reel: 1 },
    ...{ path: '/masters/long way.mov', sha256: 'a'.repeat(64), bytes: 1, frames, fps: '30000/1001' },
    facts: { ...facts, startTimecode: '00:59:58;00', dropFrame: true },
    ...more,
  }) as CatalogFile;

const shotOf = (number: number, from: number, to: number): Shot => ({
  ...{ id: `sht_${number}`, fileId: 'fil_1', number, in: from, out: to, thumbnail: null },
  ...{ inTimecode: '00:00:00:00', outTimecode: '00:00:00:00' },
  facts: { luma: 90, colour: [90, 90, 90], motion: 1, sharpness: 5 },
});

type Type = Transition['type'];

/** Shots and transitions that tile a film: each part is a shot's length and how it ends; 0 frames make it a cut. */
function partsOf(head: number, parts: readonly (readonly [length: number, type: Type, mixed: number])[]) {
  const shots: Shot[] = [];
  const transitions: Transition[] = [];
  let at = 0;
  const mix = (type: Type, frames: number) => {
    if (frames > 0)
      transitions.push({ type: type === 'cut' ? 'fade' : type, start: at, end: at + frames - 1 });
    at += frames;
  };
  mix('fade', head);
  for (const [i, [length, type, mixed]] of parts.entries()) {
    if (length > 0) shots.push(shotOf(i + 1, at, at + length));
    at += length;
    if (mixed === 0 && i < parts.length - 1) transitions.push({ type: 'cut', start: at - 1, end: at });
    mix(type, mixed);
  }
  return { shots, transitions, frames: at };
}

const type = fc.constantFrom<Type>('cut', 'fade', 'dissolve', 'wipe');
const part = fc.tuple(
  fc.integer({ min: 1, max: 4000 }),
  type,
  fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 48 })),
);

describe('shots as a cut', () => {
  it('come back to the frame from every format, whatever the film begins, joins and ends with', () => {
    const parts = fc.array(part, { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 48 })), parts, (head, made) => {
        const { shots, transitions, frames } = partsOf(head, made);
        const file = film(frames);
        const timeline = timelineOf(file, shots, transitions);
        for (const kind of kinds) {
          const { write, read } = formatOf(`x.${kind}`);
          const cut = placedOn(read(write(timeline), file.fps), file, 'cut');
          const answer = compared(cut, shots, file);
          expect(answer).toMatchObject({ same: shots.length, onlyInCut: [], onlyFound: [], notices: [] });
          // Taken as boundaries, it gives the very shots.
          expect(tiledBy(frames, transitionsIn(cut)).shots).toEqual(
            shots.map((shot) => ({ in: shot.in, out: shot.out })),
          );
          expect(answer.transitions).toEqual(transitions.filter((one) => one.type !== 'cut'));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('come back where two mixes touch, and where a film is nothing but one', () => {
    const touching = partsOf(0, [
      [40, 'dissolve', 10],
      [0, 'wipe', 6],
      [30, 'fade', 4],
    ]);
    const alone = partsOf(12, []);
    for (const { shots, transitions, frames } of [touching, alone]) {
      const file = film(frames);
      for (const kind of kinds) {
        const { write, read } = formatOf(`x.${kind}`);
        const cut = placedOn(read(write(timelineOf(file, shots, transitions)), file.fps), file, 'cut');
        expect(cut.shots.map((shot) => [shot.in, shot.out])).toEqual(
          shots.map((shot) => [shot.in, shot.out]),
        );
        expect(cut.transitions).toEqual(transitions.filter((one) => one.type !== 'cut'));
      }
    }
  });

  it('are refused where frames are of different length or no timecode counts them', () => {
    const { shots, transitions, frames } = partsOf(0, [[40, 'cut', 0]]);
    const variable = film(frames, { facts: { ...facts, variableRate: true } as CatalogFile['facts'] });
    expect(() => timelineOf(variable, shots, transitions)).toThrow(
      expect.objectContaining({ code: 'variable-rate' }),
    );
    const odd = timelineOf(
      film(frames, { fps: '2997/125', facts: { ...facts, startTimecode: null } as CatalogFile['facts'] }),
      shots,
      transitions,
    );
    expect(() => formatOf('x.edl').write(odd)).toThrow(expect.objectContaining({ code: 'rate-unfit' }));
    expect(formatOf('x.otio').read(formatOf('x.otio').write(odd), '2997/125').frames).toBe(40);
  });
});

describe('a cut is doubtful', () => {
  const { shots, transitions, frames } = partsOf(0, [
    [40, 'cut', 0],
    [30, 'cut', 0],
  ]);
  const file = film(frames);
  const doubtsIn = (kind: string, change = (text: string) => text, others: string[] = []) => {
    const { write, read } = formatOf(`x.${kind}`);
    const cut = read(change(write(timelineOf(file, shots, transitions))), file.fps);
    return doubtsOf(cut, placedOn(cut, file, 'cut'), file, others);
  };

  it('where more tracks with pictures lie over it, not where they are empty', () => {
    const more = (track: string) => (xml: string) => xml.replace(/(<track>.*?<\/track>)/s, `$1${track}`);
    expect(doubtsIn('xml')).toEqual([]);
    expect(doubtsIn('xml', more('<track></track>'))).toEqual([]);
    const clip = '<clipitem><start>9</start><end>19</end></clipitem>';
    expect(doubtsIn('xml', more(`<track>${clip}</track>`))).toEqual(['1 more video tracks are not read']);
  });

  it('where its timecode lies outside the film, not where one of both has none', () => {
    const late = (edl: string) => edl.replaceAll(/\b0([01]):(?=\d\d:\d\d;\d\d)/g, '1$1:');
    expect(doubtsIn('edl', late)).toEqual([expect.stringContaining('begins at 00:59:58;00')]);
  });

  it('where its media are another film of the catalogue, whatever their format', () => {
    const others = ['/masters/other.mxf'];
    for (const kind of kinds) {
      const other = (text: string) => text.replaceAll(/long(%20| )way\.mov/g, 'OTHER.mov');
      expect(doubtsIn(kind, other, others)).toEqual([expect.stringContaining('OTHER.mov')]);
      expect(doubtsIn(kind, other)).toEqual([]);
      expect(doubtsIn(kind, (text) => text, others)).toEqual([]);
    }
  });
});

describe("an editor's cut of a film in the workspace", () => {
  let context: Context;
  let close: () => Promise<void>;
  const at = (name: string) => join(context.paths.root, 'cuts', name);
  const { shots, transitions, frames } = partsOf(12, [
    [1800, 'cut', 0],
    [300, 'dissolve', 24],
    [500, 'fade', 9],
  ]);

  beforeAll(async () => {
    ({ context, close } = await testContext());
    const { titleName, unmapped, ...file } = film(frames);
    await context.db.insert(tables.catalogTitles).values({ id: file.titleId, name: titleName, unmapped });
    await context.db.insert(tables.catalogFiles).values(file);
    await mkdir(join(context.paths.root, 'cuts'));
  });
  afterAll(() => close());

  it('needs the film and its shots', async () => {
    await expect(exportShots(context, { file: 'nobody', to: at('x.edl') })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(exportShots(context, { file: 'fil_1', to: at('x.edl') })).rejects.toMatchObject({
      code: 'shots-missing',
    });
    const picture = { x: 0, y: 0, width: 96, height: 64 };
    await savePass(context.db, {
      fileId: 'fil_1',
      detector: 'test',
      facts: { activePicture: picture, barFrames: 9 },
      shots,
      transitions: transitions.map((one) => ({ ...one, confidence: 0.9 })),
      prints: [],
    });
  });

  it("is written from the film's own timecode on, and never over a file that is there", async () => {
    const answer = await exportShots(context, { file: '/masters/long way.mov', to: at('film.edl') });
    expect(answer).toEqual({
      file: 'fil_1',
      to: at('film.edl'),
      shots: 3,
      transitions: 3,
      startTimecode: '00:59:58;00',
      notices: [],
    });
    const again = exportShots(context, { file: 'fil_1', to: at('film.edl') });
    await expect(again).rejects.toMatchObject({ code: 'file-exists' });
    await expect(exportShots(context, { file: 'fil_1', to: at('film.aaf') })).rejects.toMatchObject({
      code: 'format-unknown',
    });
  });

  it('is compared shot by shot, and changes nothing', async () => {
    const edl = await readFile(at('film.edl'), 'utf8');
    // The editor puts the first cut 30 frames later.
    const moved = edl.replaceAll('01:00:58;12', '01:00:59;12');
    expect(moved).not.toBe(edl);
    await writeFile(at('moved.edl'), moved);
    const before = await listShots(context.db);
    const answer = await compareCut(context, { cut: at('moved.edl'), file: 'fil_1' });
    expect(answer).toMatchObject({ placedBy: 'timecode', same: 1, notices: [], shotList: null });
    expect(answer.onlyInCut.map((shot) => [shot.in, shot.out])).toEqual([
      [12, 1842],
      [1842, 2112],
    ]);
    expect(answer.onlyFound.map((shot) => [shot.in, shot.out, shot.inTimecode])).toEqual([
      [12, 1812, '00:59:58;12'],
      [1812, 2112, '01:00:58;12'],
    ]);
    expect(await listShots(context.db)).toEqual(before);
  });

  it('is read whatever its letters are written in, and a guess is said', async () => {
    const edl = '001  AX V C 00:00:00:00 00:00:10:00 00:00:00;00 00:00:10;00\n* FROM CLIP NAME: Küche außen';
    const answer = async (name: string, bytes: Buffer) => {
      await writeFile(at(name), bytes);
      const { shots, notices } = await compareCut(context, { cut: at(name), file: 'fil_1' });
      return [shots[0]?.name, notices.filter((notice) => /letters/.test(notice)).length];
    };
    expect(await answer('wide.edl', Buffer.from(`\ufeff${edl}`, 'utf16le'))).toEqual(['Küche außen', 0]);
    expect(await answer('old.edl', Buffer.from(edl, 'latin1'))).toEqual(['Küche außen', 1]);
  });

  it('of another timecode is laid on the first frame, and what it leaves open is said', async () => {
    const edl = ['TITLE: part', '001  AX V C 00:00:00:00 00:00:10:00 10:00:00:00 10:00:10:00'].join('\n');
    await writeFile(at('part.edl'), edl);
    const answer = await compareCut(context, { cut: at('part.edl'), file: 'fil_1' });
    expect(answer).toMatchObject({ placedBy: 'first-frame', shots: [{ in: 0, out: 300 }] });
    expect(answer.notices).toEqual([`${frames - 300} of the film's ${frames} frames are not in the cut`]);
    await writeFile(at('long.edl'), edl.replaceAll('10:00:10:00', '10:10:00:00'));
    await expect(compareCut(context, { cut: at('long.edl'), file: 'fil_1' })).rejects.toMatchObject({
      code: 'cut-unfit',
    });
  });

  it('of a film that passes midnight begins its EDL at hour one, which is said, and is placed after midnight too', async () => {
    const { catalogFiles } = tables;
    const begins = (startTimecode: string) =>
      context.db.update(catalogFiles).set({ facts: { ...film(1).facts, startTimecode } });
    await begins('23:59:58;00');
    const written = await exportShots(context, { file: 'fil_1', to: at('late.edl') });
    expect(written).toMatchObject({
      startTimecode: '01:00:00;00',
      notices: [expect.stringContaining('passes midnight')],
    });
    expect(await exportShots(context, { file: 'fil_1', to: at('late.otio') })).toMatchObject({ notices: [] });
    for (const cut of ['late.edl', 'late.otio'])
      expect(await compareCut(context, { cut: at(cut), file: 'fil_1' })).toMatchObject({
        same: 3,
        onlyInCut: [],
      });
    await writeFile(at('after.edl'), '001  AX V C 00:00:00:00 00:00:10:00 00:00:00;00 00:00:10;00');
    const after = await compareCut(context, { cut: at('after.edl'), file: 'fil_1' });
    expect(after).toMatchObject({ placedBy: 'timecode', shots: [{ in: 60, out: 360 }] });
    await begins('00:59:58;00');
  });

  it('becomes a shot list that the catalogue reads, where one is asked for', async () => {
    const shotList = at('long way.csv');
    await compareCut(context, { cut: at('film.edl'), file: 'fil_1', shotList });
    const rows = parseShotList(await readFile(shotList, 'utf8'));
    expect(rows?.map((row) => [row.in, row.out, row.text])).toEqual([
      ['00:59:58;00', '01:00:58;12', 'The "Long" Way & Back 0001'],
      ['01:00:58;12', '01:01:08;14', 'The "Long" Way & Back 0002'],
      ['01:01:08;14', '01:01:25;28', 'The "Long" Way & Back 0003'],
    ]);
    await expect(compareCut(context, { cut: at('film.edl'), file: 'fil_1', shotList })).rejects.toMatchObject(
      { code: 'file-exists' },
    );
  });
});
