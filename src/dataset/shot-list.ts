import { readTable } from '../editorial/index.ts';

/** One shot as the production's list describes it. Times as written: timecode, or a whole frame number. */
export interface ShotListRow {
  line: number;
  in: string;
  out: string;
  scene: string;
  text: string;
  /** What its columns say of the shot; those that are empty are left out. */
  fields: ShotFields;
}

/** A shot by the columns of a shot list, as written. */
export type ShotFields = Partial<Record<(typeof described)[number], string>>;

/** The fields of a row and the headings (lower case, letters only) under which productions write them. */
const headings = {
  scene: ['scene', 'scenenumber', 'sceneno', 'sc'],
  in: ['timecodein', 'tcin', 'in', 'start', 'startframe', 'starttimecode', 'intimecode', 'framein'],
  out: ['timecodeout', 'tcout', 'out', 'end', 'endframe', 'endtimecode', 'outtimecode', 'frameout'],
  description: ['description', 'shotdescription', 'text', 'caption'],
  characters: ['characters', 'character', 'cast'],
  set: ['set', 'location', 'place'],
  action: ['action'],
  camera: ['camera', 'cameramove', 'cameramovement', 'movement'],
  time: ['time', 'timeofday', 'daynight'],
} as const;
type Field = keyof typeof headings;
const described = ['characters', 'action', 'set', 'time', 'camera'] as const;

/**
 * Reads a shot list: a heading line, then a shot a line, separated by commas, semicolons or tabs.
 * @returns null where the table has no columns for a shot's in and out, so is no shot list
 * @throws BacklotError `table-unreadable`
 */
export function parseShotList(text: string): ShotListRow[] | null {
  const [heading, ...rows] = readTable(text);
  const columns = columnsOf(heading?.cells ?? []);
  if (!columns.has('in') || !columns.has('out')) return null;
  return rows.map(({ cells, line }) => rowOf(cells, columns, line));
}

function columnsOf(heading: readonly string[]): Map<Field, number> {
  const names = heading.map((name) => name.toLowerCase().replace(/[^\p{L}]/gu, ''));
  const fields = Object.keys(headings) as Field[];
  const found = fields.map((field) => [field, names.findIndex((name) => isHeading(field, name))] as const);
  return new Map(found.filter(([, index]) => index >= 0));
}

const isHeading = (field: Field, name: string) => (headings[field] as readonly string[]).includes(name);

function rowOf(record: readonly string[], columns: Map<Field, number>, line: number): ShotListRow {
  const field = (name: Field) => record[columns.get(name) ?? -1] ?? '';
  const text = captionOf(
    field('description'),
    described.map((name) => field(name)),
  );
  const fields = Object.fromEntries(
    described.map((name) => [name, field(name)]).filter(([, value]) => value !== ''),
  );
  return { line, in: field('in'), out: field('out'), scene: field('scene'), text, fields };
}

/** The description, and after it what the other columns say and it does not. */
function captionOf(description: string, fields: readonly string[]): string {
  const parts = description === '' ? [] : [description];
  for (const field of fields) {
    const said = wordsOf(parts.join(' '));
    if (wordsOf(field).some((word) => !said.includes(word))) parts.push(field);
  }
  return parts.join(', ');
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
