import type { z } from 'zod';
import { askedWords } from './asked-words.ts';
import type {
  Answered,
  Corrected,
  Credits,
  decisionsSchema,
  Marking,
  ProposedMapping,
  RightsCheck,
  SignatureList,
} from './schema.ts';

const minutesOf = (minutes: number): string => `${minutes.toFixed(1)} min`;

const line = (name: string, { shots, minutes }: { shots: number; minutes: number }): string =>
  `  ${name.padEnd(20)} ${String(shots).padStart(7)} shots  ${minutesOf(minutes).padStart(10)}`;

export function checkWords(check: RightsCheck): string {
  const { ledger, ruleVersion, outcomes, reasons, assumptions, notices } = check;
  return [
    `${askedWords(check)}: ${check.shots} shots, ${minutesOf(check.minutes)} of film`,
    ...outcomes.map((row) => line(row.outcome, row)),
    ...(reasons.length > 0 ? ['refused, by the reason that counts'] : []),
    ...reasons.map((row) => line(row.rule, row)),
    ...(assumptions.length > 0 ? ['allowed, resting on what no row says'] : []),
    ...assumptions.map((row) => line(row.assumption, row)),
    ...notices.map((notice) => `! ${notice}`),
    `Ledger ${ledger ?? 'none'}, rules ${ruleVersion}. ${check.notice}`,
  ].join('\n');
}

export function decisionWords({ decisions, notice }: z.output<typeof decisionsSchema>): string {
  const lines = decisions.map(({ shotId, outcome, reasons }) => {
    const why = reasons.map(({ rule, row }) => `${rule} (${row})`).join(', ');
    return `${shotId}  ${outcome.padEnd(12)}  ${why}`.trimEnd();
  });
  return lines.length === 0 ? 'no shots yet' : [...lines, notice].join('\n');
}

export function mapWords({
  path,
  section,
  guessed,
  columns,
  ignored,
  missing,
  notice,
}: ProposedMapping): string {
  return [
    `${path} proposes for ${section}${guessed ? ', as its headings say (--section says otherwise)' : ''}:`,
    ...Object.entries(columns).map(([field, column]) => `  ${field.padEnd(16)} ${column}`),
    ...missing.map((field) => `! ${field} needs a column or a value`),
    ...ignored.map((column) => `  ${column} is ignored`),
    'Correct it, set confirmed to true, then: backlot rights register FILE --mapping MAPPING',
    notice,
  ].join('\n');
}

/** Signatures and answers that people are shown; --json has them all. */
const SHOWN = 40;

export function signatureWords({ signatures, digest, notice, ...asked }: SignatureList): string {
  const lines = signatures
    .slice(0, SHOWN)
    .flatMap((row) => [
      `${row.outcome.padEnd(12)} ${String(row.shots).padStart(7)} shots ${minutesOf(row.minutes).padStart(10)}  ` +
        [row.title ?? 'unknown title', ...row.people, ...row.materials].join(', '),
      ...row.reasons.map((reason) => `    ${reason.rule} (${reason.row})`),
      ...row.assumptions.map(({ assumption, row: of }) => `    assumed: ${assumption} (${of})`),
    ]);
  return [
    `${askedWords(asked)}: ${signatures.length} signatures`,
    ...lines,
    ...(signatures.length > SHOWN ? [`and ${signatures.length - SHOWN} more: --json lists them all`] : []),
    `Decisions ${digest}. ${notice}`,
  ].join('\n');
}

/** Names read in credits, those that wait for an answer first. */
export function creditsWords({ credits, open, notice }: Credits): string {
  const lines = credits
    .toSorted((a, b) => Number(b.state === 'open') - Number(a.state === 'open'))
    .map(({ name, title, film, shots, party, state }) => {
      const whose = party === null ? '' : `, party ${party}`;
      const place = title ?? `${film}, which the ledger does not name`;
      return `${state.padEnd(8)} ${name} (${place}; ${shots.length} shots${whose})`;
    });
  return [...lines, `${open} names wait for an answer. ${notice}`].join('\n');
}

export function answeredWords({ name, title, party, state, rows, notice }: Answered): string {
  const said = party === null ? 'nobody to ask' : `party ${party}`;
  const added = rows.length === 0 ? '' : `; added to the ledger: ${rows.join(', ')}`;
  return `${name} in ${title}: ${state}, ${said}${added}. ${notice}`;
}

/** What copies of a title should say, an entry a line; `--json` gives it as programs write it. */
export function markingWords({ title, shots, asOf, ledger, cawg, iptc, notice }: Marking): string {
  const entries = Object.entries(cawg.data.entries).map(
    ([name, { use, constraint_info: info }]) => `  ${name}: ${use}${info ? ` (${info})` : ''}`,
  );
  return [
    `${title}: ${shots} shots decided as of ${asOf} by ledger ${ledger ?? 'none'}`,
    ...[`${cawg.label}`, ...entries, `plus:DataMining: ${iptc['plus:DataMining']}`, notice],
  ].join('\n');
}

export const correctedWords = ({ row, ledger, notice }: Corrected): string =>
  [
    `${row} is not confirmed any more (ledger ${ledger}): its shots wait for a person.`,
    'Withdrawals and refusals stand, and what a withdrawal blocked or removed stays so.',
    'A ledger file may now say who is seen there, under the id of this row or by one that names it in `supersedes`; or, with `supersedes`,',
    `\`shots: none\`, \`status: confirmed\` and a \`note\`, that nobody is: import that. Left out, it is asked for. ${notice}`,
  ].join('\n');
