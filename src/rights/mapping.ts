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
  anyOf?: Property[];
  items?: Property;
  properties?: Record<string, Property>;
  enum?: string[];
}

/** A field that a column can hold. */
interface Field {
  kind: CellKind;
  required: boolean;
}

/**
 * What a cell can hold, by field. Of evidence and identifiers each part is a field, such as `evidence.page` and
 * `ids.ISNI`; other lists of rows within a row have no column.
 */
export function fieldsOf(section: RegisterSection): Map<string, Field> {
  const schema = z.toJSONSchema(rowSchemas[section], { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    partsOf(name, property as Property).map(
      ([part, kind]) => [part, { kind, required: required.has(part) }] as const,
    ),
  );
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
  uses: ['use', 'rights', 'purpose'],
  territories: ['territory', 'country', 'countries', 'region'],
  from: ['start', 'startdate', 'begin', 'begins', 'validfrom', 'effective'],
  until: ['end', 'enddate', 'expiry', 'expires', 'validto', 'validuntil'],
  party: ['performer', 'person', 'talent', 'artist'],
  answer: ['consent', 'decision'],
  reason: ['note', 'clause'],
  to: ['owedto', 'creditor'],
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

/**
 * Proposes which column of a register holds which field and writes it for a person to correct and confirm.
 * @throws BacklotError `ledger-unreadable`, `register-invalid`, `file-exists`
 */
export async function proposeMapping(
  path: string,
  section: RegisterSection,
  to: string,
): Promise<ProposedMapping> {
  const columns = await csvColumns(path);
  const fields = fieldsOf(section);
  const found = [...fields.keys()].flatMap((field) => {
    const words = [field, ...(synonyms[field] ?? [])].map(plain);
    const column = columns.find((name) => words.includes(plain(name)));
    return column === undefined ? [] : [[field, column] as const];
  });
  const mapping: Mapping = {
    version: 1,
    confirmed: false,
    section,
    columns: Object.fromEntries(found),
    values: {},
  };
  const used = new Set(found.map(([, column]) => column));
  const ignored = columns.filter((column) => !used.has(column));
  const missing = [...fields].flatMap(([field, { required }]) =>
    required && !mapping.columns[field] ? [field] : [],
  );
  await writeMapping(to, stringify(mapping), ignored, missing);
  return { notice: notLegalAdvice, ...mapping, path: to, ignored, missing };
}

async function writeMapping(to: string, yaml: string, ignored: string[], missing: string[]): Promise<void> {
  const notes = [
    '# Which column holds which field. Correct it, then set confirmed to true.',
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
  if (unknown.length === 0) return result.data;
  throw invalid(path, unknown.join(', '), `Fields of ${section} are ${[...fields.keys()].join(', ')}.`);
}

const invalid = (where: string, found: string, remedy: string): BacklotError =>
  new BacklotError('mapping-invalid', {
    expected: 'a mapping that somebody confirmed',
    where,
    found,
    remedy,
  });
