import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { BacklotError, wordsOfBadInput } from '../contract/index.ts';
import { writeNew } from '../jobs/index.ts';
import * as rows from './ledger-schema.ts';
import { codeProblems } from './plain-text.ts';
import { csvColumns } from './register-csv.ts';
import {
  type Mapping,
  mappingSchema,
  notLegalAdvice,
  type ProposedMapping,
  type RegisterSection,
} from './schema.ts';
import { readText } from './text-file.ts';

export const rowSchemas = {
  parties: rows.partySchema,
  agreements: rows.agreementSchema,
  grants: rows.grantSchema,
  restrictions: rows.restrictionSchema,
  consents: rows.consentSchema,
  obligations: rows.obligationSchema,
  approvals: rows.approvalSchema,
} as const satisfies Record<RegisterSection, z.ZodType>;

export type CellKind = 'text' | 'list' | 'flag' | 'number';

interface Property {
  type?: string;
  required?: string[];
  anyOf?: Property[];
  items?: Property;
  properties?: Record<string, Property>;
  enum?: string[];
}

/** A field that a column can hold. */
interface Field {
  kind: CellKind;
  /** Whether each row needs it; with others of its kind: each row that has one of those, as a page needs its agreement. */
  required: boolean | 'with others';
}

/**
 * What a cell can hold, by field. Of evidence and identifiers each part is a field, such as `evidence.page` and
 * `ids.ISNI`; other lists of rows within a row have no column.
 */
export function fieldsOf(section: RegisterSection): Map<string, Field> {
  const schema = z.toJSONSchema(rowSchemas[section], { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const inner = new Set((property as Property).required?.map((part) => `${name}.${part}`));
    return partsOf(name, property as Property).map(([part, kind]) => {
      const needed = inner.has(part) ? ('with others' as const) : required.has(part);
      return [part, { kind, required: needed }] as const;
    });
  });
  return new Map(fields);
}

function partsOf(name: string, property: Property): [string, CellKind][] {
  const schemes = property.items?.properties?.scheme?.enum ?? [];
  const inner = Object.entries(property.properties ?? {}).map(
    ([part, of]) => [`${name}.${part}`, of] as const,
  );
  const own = [[name, property] as const, ...inner].flatMap(([field, of]): [string, CellKind][] => {
    const kind = kindOf(of);
    return kind === null ? [] : [[field, kind]];
  });
  return [...own, ...schemes.map((scheme): [string, CellKind] => [`${name}.${scheme}`, 'text'])];
}

function kindOf({ type, anyOf, items }: Property): CellKind | null {
  if (type === 'boolean') return 'flag';
  if (type === 'string') return 'text';
  if (type === 'integer') return 'number';
  const list = type === 'array' ? items : anyOf?.find((one) => one.type === 'array')?.items;
  const forms = list?.anyOf ?? [list];
  return forms.some((one) => one?.type === 'string') ? 'list' : null;
}

/** Words by which registers call the fields, in small letters without anything else. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  id: ['contract', 'contractid', 'contractno', 'ref', 'reference', 'number'],
  grantor: ['licensor', 'owner', 'rightsholder'],
  grantee: ['licensee'],
  titles: ['title', 'film', 'titleid', 'work'],
  uses: [
    'use',
    'rights',
    'purpose',
    'purposes',
    'permitteduse',
    'permitteduses',
    'grantedrights',
    'rightsgranted',
  ],
  kind: ['type', 'duty', 'obligation'],
  due: ['duedate', 'dueon', 'deadline', 'payby'],
  amount: ['sum', 'fee'],
  done: ['doneon', 'fulfilledon', 'paidon', 'settledon'],
  territories: ['territory', 'country', 'countries', 'region'],
  from: ['start', 'startdate', 'begin', 'begins', 'validfrom', 'effective'],
  until: ['end', 'enddate', 'expiry', 'expires', 'validto', 'validuntil'],
  party: ['performer', 'person', 'talent', 'artist'],
  answer: ['consent', 'decision'],
  on: ['signedon', 'givenon', 'datesigned', 'signaturedate', 'answeredon'],
  reason: ['note', 'clause'],
  to: ['owedto', 'creditor', 'payee', 'beneficiary'],
  name: ['fullname'],
  note: ['notes', 'comment', 'remarks'],
  parties: ['signatories', 'between'],
  sha256: ['hash', 'checksum', 'documenthash'],
  'evidence.agreement': ['agreement', 'document'],
  'evidence.clause': ['paragraph', 'section'],
  'evidence.page': ['page'],
  'ids.ISNI': ['isni'],
  'ids.HAND': ['hand'],
  'ids.EIDR': ['eidr'],
};

const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** What columns would hold as rows of a section. */
interface Reading {
  section: RegisterSection;
  columns: Record<string, string>;
  ignored: string[];
  /** Fields that a row needs and no column holds. */
  missing: string[];
}

/**
 * Proposes which column of a register holds which field and writes it for a person to correct and confirm.
 * @param section what its rows are; without it what most of its headings speak of
 * @throws BacklotError `ledger-unreadable`, `register-invalid`, `section-unclear`, `file-exists`
 */
export async function proposeMapping(
  path: string,
  section: RegisterSection | undefined,
  to: string,
): Promise<ProposedMapping> {
  const names = await csvColumns(path);
  const read = section === undefined ? likeliest(path, names) : readAs(section, names);
  const { ignored, missing, columns } = read;
  const mapping: Mapping = { version: 1, confirmed: false, section: read.section, columns, values: {} };
  const guessed = section === undefined;
  await writeMapping(to, stringify(mapping), read, guessed);
  return { notice: notLegalAdvice, ...mapping, path: to, guessed, ignored, missing };
}

function readAs(section: RegisterSection, names: readonly string[]): Reading {
  const fields = fieldsOf(section);
  const found = [...fields.keys()].flatMap((field) => {
    const words = [field, ...(synonyms[field] ?? [])].map(plain);
    const column = names.find((name) => words.includes(plain(name)));
    return column === undefined ? [] : [[field, column] as const];
  });
  const columns = Object.fromEntries(found);
  const used = new Set(Object.values(columns));
  const ignored = names.filter((column) => !used.has(column));
  const isNeeded = (field: string, required: Field['required']) =>
    required === 'with others' ? hasBeside(field, Object.keys(columns)) : required;
  const missing = [...fields].flatMap(([field, { required }]) =>
    !columns[field] && isNeeded(field, required) ? [field] : [],
  );
  return { section, columns, ignored, missing };
}

/** Whether one of the others of its kind is there: `evidence.page` beside `evidence.agreement`. */
const hasBeside = (field: string, known: readonly string[]): boolean =>
  known.some((one) => one.startsWith(field.slice(0, field.indexOf('.') + 1)));

/** The section that takes most of the columns, and of those the one that lacks least. Where two do as well, a person must say. */
function likeliest(path: string, names: readonly string[]): Reading {
  const sections = Object.keys(rowSchemas) as RegisterSection[];
  const byFit = (a: Reading, b: Reading) =>
    a.ignored.length - b.ignored.length || a.missing.length - b.missing.length;
  const readings = sections.map((section) => readAs(section, names)).sort(byFit);
  const [best, next] = readings as [Reading, Reading];
  if (byFit(best, next) !== 0) return best;
  const tied = readings.filter((one) => byFit(one, best) === 0).map((one) => one.section);
  throw new BacklotError('section-unclear', {
    expected: 'headings that say what the rows are',
    where: path,
    found: `as much for ${tied.join(' as for ')}: ${names.map((name) => JSON.stringify(name)).join(', ')}`,
    remedy: `Say it with --section ${tied.join(' | ')}.`,
  });
}

async function writeMapping(
  to: string,
  yaml: string,
  { section, ignored, missing }: Reading,
  guessed: boolean,
): Promise<void> {
  const notes = [
    '# Which column holds which field. Correct it, then set confirmed to true.',
    ...(guessed
      ? [`# ${section}: guessed by the headings; map anew with --section where rows are something else`]
      : []),
    '# values: what every row has and no column says, such as territories: [world]',
    ...missing.map((field) => `# missing: ${field} needs a column or a value`),
    ...ignored.map((column) => `# ignored: ${JSON.stringify(column)}`),
  ];
  await writeNew(to, `${notes.join('\n')}\n${yaml}`);
}

/** @throws BacklotError `mapping-invalid`, also where nobody confirmed it */
export async function readMapping(path: string): Promise<Mapping> {
  const { text } = await readText(path, 'a mapping (YAML)');
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw invalid(path, `no YAML: ${broken.message}`, 'Correct it.');
  const result = mappingSchema.safeParse(document.toJS());
  if (!result.success) throw invalid(path, wordsOfBadInput(result.error), 'Correct it.');
  const { confirmed, columns, values, section } = result.data;
  const [code] = codeProblems({ [section]: [values] }, section);
  if (code) throw invalid(path, `${code.path.slice(2).join('.')}: ${code.found}`, code.remedy);
  if (!confirmed)
    throw invalid(path, 'confirmed: false', 'Read the mapping, correct it, set confirmed to true.');
  const fields = fieldsOf(section);
  const unknown = [...Object.keys(columns), ...Object.keys(values)].filter((field) => !fields.has(field));
  if (unknown.length > 0)
    throw invalid(path, unknown.join(', '), `Fields of ${section} are ${[...fields.keys()].join(', ')}.`);
  refuseBoth(path, result.data);
  return result.data;
}

/** A value would stand wherever a cell is empty, and an empty cell may mean anything. */
function refuseBoth(path: string, { columns, values }: Mapping): void {
  const [both] = Object.keys(values).filter((field) => columns[field] !== undefined);
  if (both === undefined) return;
  const found = `${both} in columns (${JSON.stringify(columns[both])}) and in values`;
  const remedy =
    'Leave it out of one of the two: a value is for every row, and what an empty cell means has to be written into the cell.';
  throw invalid(path, found, remedy);
}

const invalid = (where: string, found: string, remedy: string): BacklotError =>
  new BacklotError('mapping-invalid', {
    expected: 'a mapping that somebody confirmed',
    where,
    found,
    remedy,
  });
