import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type CatalogFile, listFiles } from '../catalog/index.ts';
import { slugOf } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { isCode } from './plain-text.ts';
import { fileNameSchema } from './schema.ts';

type TemplateFile = Pick<CatalogFile, 'titleId' | 'titleName' | 'unmapped' | 'path' | 'sha256' | 'reel'>;

const head = `# Rights ledger: who owns each title, what they permit, who is seen and what they said.
# Until it is filled and imported (backlot rights import FILE) every shot is unknown, and nothing trains on it.
version: 1

parties:
  # - id: our-studio
  #   kind: org                  # person, org, estate, guild, guardian
  #   name: Our Studio Ltd

titles:
`;

const tail = `
grants:
  # - id: studio-may-train
  #   grantor: our-studio        # an owner of these titles
  #   titles: [TITLE]
  #   uses: [train.style, generate.previz, condition] # by name, each with what it includes (reading, measuring); no other is granted; condition: frames of it may be given to a model
  #   territories: [world]       # or codes such as [DE, FR]
  #   from: 2026-01-01           # leave out where there is no beginning or end
  #   until: 2030-12-31          # the last day still counts

restrictions:
  # - id: archive-clips
  #   titles: [TITLE]            # or all
  #   uses: all
  #   territories: [world]
  #   reason: the archive licence forbids machine learning

consents:
  # - id: a-performer-agreed
  #   party: a-performer
  #   answer: given              # or refused, where titles and uses may be all: that stands but for what one permits which names it (lifts: [ID])
  #   titles: [TITLE]
  #   uses: [train.style, generate.previz, condition]
  #   territories: [world]

appearances:
  # - id: a-performer-in-reel-1
  #   party: a-performer
  #   title: TITLE
  #   file: FILE                 # as its title names it
  #   shots: [{in: '01:00:10:00', out: '01:00:14:12'}]   # timecodes or frames, out is the first after; or all
  #   status: confirmed          # or proposed

casts:                           # titles of which all who are seen are listed above, be it nobody
  # - id: cast-of-title
  #   title: TITLE
  #   by: our-studio             # who says so
  #   on: 2026-01-01

materials:
  # - id: a-poster-in-reel-1     # music, artwork, brand or stock of somebody else
  #   kind: artwork
  #   owner: our-studio          # who may license it; leave out where that is not known
  #   title: TITLE
  #   file: FILE
  #   shots: [{in: '01:02:00:00', out: '01:02:05:00'}]
  #   status: confirmed

inventories:                     # titles of which all music, artwork, brands and stock of others are listed in materials, be it nothing
  # - id: inventory-of-title
  #   title: TITLE
  #   by: our-studio             # who says so
  #   on: 2026-01-01

obligations:
  # - id: pay-a-performer
  #   kind: pay                  # notify, consult, bargain or pay
  #   to: a-performer
  #   titles: [TITLE]            # or all
  #   uses: [train.style]
  #   territories: [world]
  #   due: 2030-12-31            # from then on it holds up what it comes with, until done says when it was fulfilled
  #   amount: 1200.50 EUR

policies:
  # - id: casts-are-stated       # then a shot waits until casts says so of its title
  #   cast: stated
  # - id: materials-are-stated   # the same of inventories
  #   materials: stated
  # - id: the-house              # who runs this workspace: a grant to somebody else (grantee) permits nothing here
  #   house: our-studio
`;

/**
 * A ledger file to fill: lists titles and files, says nothing about them. It can be imported as it is, and
 * then every shot stays unknown.
 */
export function ledgerTemplate(files: readonly TemplateFile[]): string {
  const byTitle = Map.groupBy(files, ({ titleId }) => titleId);
  const taken = new Set<string>();
  const titles = [...byTitle.values()].map((own) =>
    titleText(own, freeId(own[0]?.titleName ?? '', taken), files),
  );
  return head + titles.join('\n') + tail;
}

function titleText(own: readonly TemplateFile[], id: string, all: readonly TemplateFile[]): string {
  const reels = own.toSorted((a, b) => a.reel - b.reel);
  return [
    ...(own[0]?.unmapped ? ['  # nobody said to which title this file belongs: correct the name'] : []),
    `  - id: ${quoted(id)}`,
    `    name: ${quoted(nameFor(own[0]?.titleName ?? id))}`,
    '    files:',
    ...reels.map((file) => `      - ${fileText(file, all)}`),
    '    shares: []                 # who owns it, such as [{party: our-studio, share: 100%}]',
    '',
  ].join('\n');
}

/** A ledger holds no name that a spreadsheet would compute or a page would draw. */
const nameFor = (title: string): string => (isCode(title) ? slugOf(title) : title);

/** JSON strings are YAML strings. */
const quoted = (text: string): string => JSON.stringify(text);

/** The base name, or the sha256 where several files have that name or a ledger cannot hold it. */
function fileText({ path, sha256 }: TemplateFile, all: readonly TemplateFile[]): string {
  const name = basename(path).normalize('NFC');
  const twins = all.filter((file) => basename(file.path).normalize('NFC') === name);
  const plain = twins.length === 1 && fileNameSchema.safeParse(name).success;
  return plain ? quoted(name) : `${quoted(sha256)} # ${oneLine(path)}`;
}

const oneLine = (text: string): string => text.replace(/\p{C}/gu, '?');

function freeId(name: string, taken: Set<string>): string {
  const slug = [...slugOf(name)].slice(0, 90).join('');
  let id = slug;
  for (let n = 2; taken.has(id); n++) id = `${slug}-${n}`;
  taken.add(id);
  return id;
}

/**
 * Writes the template unless a file lies there already, perhaps half filled.
 * @returns also whether the file, whoever wrote it, lists all titles
 */
export async function writeTemplate(
  { db }: Pick<Context, 'db'>,
  path: string,
): Promise<{ path: string; written: boolean; listsAll: boolean }> {
  const files = await listFiles(db);
  try {
    await writeFile(path, ledgerTemplate(files), { flag: 'wx' });
    return { path, written: true, listsAll: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { path, written: false, listsAll: listsAll(await readFile(path, 'utf8'), files) };
  }
}

/** Whether a ledger file, perhaps half filled, lists the title of each file; one that cannot be read does not. */
export function listsAll(text: string, files: readonly Pick<TemplateFile, 'titleName'>[]): boolean {
  const document = parseDocument(text);
  const ledger = titlesSchema.safeParse(document.errors.length > 0 ? null : document.toJS()).data;
  const names = new Set(ledger?.titles.map(({ name }) => name));
  return files.every(({ titleName }) => names.has(titleName) || names.has(nameFor(titleName)));
}

const titlesSchema = z.looseObject({ titles: z.array(z.looseObject({ name: z.string() })) });
