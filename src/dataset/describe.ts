import { frameTable, getFile, listSidecars } from '../catalog/index.ts';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { getShot, listShots, type Shot } from '../shots/index.ts';
import { sha256 } from './canonical.ts';
import type { Described, DescribeInput } from './caption-schema.ts';
import { captionVersions, insertCaption } from './caption-store.ts';
import { captionOf } from './captions.ts';
import { insideOf } from './film-tracks.ts';
import { wordsOf } from './film-words.ts';
import { clockOf } from './films.ts';
import { wordsForShot } from './measured.ts';
import { spanOf } from './plan.ts';
import { writtenWords } from './written-words.ts';

/**
 * What is said of a shot: the caption that a freeze takes and every version that people and models wrote. A text is
 * added as the newest version.
 * @throws BacklotError `no-such-shot`
 */
export async function describeShot(context: Context, { shot: id, text }: DescribeInput): Promise<Described> {
  const { db, who } = context;
  const shot = await getShot(db, id);
  if (!shot) throw noSuchShot(id);
  if (text !== undefined) {
    await db.transaction(async (tx) => {
      await insertCaption(tx, { shotId: id, fileId: shot.fileId, source: 'person', caption: text, who });
      const details = { caption: sha256(text) };
      await appendAudit(tx, { who, what: 'dataset.describe', subject: id, details });
    });
  }
  const { caption, captionSource } = await captionNow(context, shot);
  return { shot: id, caption, source: captionSource, versions: await captionVersions(db, id) };
}

async function captionNow(context: Context, shot: Shot) {
  const { db } = context;
  const file = await getFile(db, shot.fileId);
  if (!file) throw noSuchShot(shot.id);
  const written = await writtenWords(db, file.id, await listShots(db, file.id));
  const clock = await clockOf(context, file);
  const sidecars = await listSidecars(db, file.id);
  const span = spanOf(await frameTable(context, file.id), { ...shot, words: wordsForShot(shot.facts) });
  const caption = captionOf(span, (await wordsOf(clock, sidecars, written)).words);
  if (caption.captionSource !== 'facts') return caption;
  // A track lies all over its film: it is read only where it has the word.
  const { words } = await wordsOf(clock, sidecars, written, insideOf(file, context.signal));
  return captionOf(span, words);
}

const noSuchShot = (found: string): BacklotError =>
  new BacklotError('no-such-shot', {
    expected: 'the id of a shot of this workspace',
    where: 'dataset describe SHOT',
    found,
    remedy: 'List the shots with `backlot shots list`.',
  });
