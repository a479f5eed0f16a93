import { TEST_IDENTITY } from './identity.ts';
import type { EmbeddedLineage, Verification } from './schema.ts';

type Facts = Omit<Verification, 'words'>;

/** A verification in sentences, the verdict first. */
export function explain(facts: Facts): string[] {
  if (facts.state === 'unsigned') return [unsigned];
  const made = facts.state === 'invalid' ? [] : madeFrom(facts);
  return [verdict(facts), signer(facts), ...made, ...facts.failures.map(failure)];
}

const unsigned =
  'Not signed: the file carries no C2PA manifest. It never had one, or it was lost when the file was re-encoded. ' +
  'The file itself says nothing about where it came from.';

function verdict({ state, altered }: Facts): string {
  if (state === 'invalid' && altered) return 'INVALID: the file was altered after it was signed.';
  if (state === 'invalid')
    return 'INVALID: the signature does not hold, so nothing it says can be relied on.';
  if (state === 'trusted') return 'Unaltered since it was signed, and the signer is trusted here.';
  return 'Unaltered since it was signed, but the signer is not known here.';
}

function signer({ signedBy, trusted }: Facts): string {
  const name = signedBy ? `Signed by "${signedBy}".` : 'The signature names nobody.';
  if (signedBy !== TEST_IDENTITY) return name;
  const who = trusted ? 'of this workspace' : 'of some other workspace: anybody can make one with this name';
  return `${name} That is the test identity ${who}; it shows that the file is whole, not which company made it.`;
}

function madeFrom({ madeBy, trainedModel, lineage }: Facts): string[] {
  const how = trainedModel ? 'a trained model, not a camera' : 'nothing is said about how';
  return [
    `The claim was written by ${madeBy ?? 'an unnamed program'}: the picture was made by ${how}.`,
  ].concat(lineage ? describe(lineage) : 'It carries no Backlot lineage.');
}

function describe(lineage: EmbeddedLineage): string[] {
  const models = lineage.models
    .map((m) => `${m.kind} "${m.name}" (sha256 ${m.sha256.slice(0, 12)})`)
    .join(' and ');
  return [
    `Take ${lineage.take}, candidate ${lineage.candidate} of brief ${lineage.brief} ("${lineage.text}"), seed ${lineage.seed}.`,
    `Made with ${models}.`,
    ...lineage.references.map(({ role, sha256 }) => `Its ${role} was given (sha256 ${sha256.slice(0, 12)}).`),
    ...lineage.snapshots.map(
      (s) =>
        `Trained on dataset ${s.id}: ${s.shots} shots of ${s.titles.join(', ')}, cleared by ${s.grants} grants of ledger ${s.ledger ?? 'unknown'}.`,
    ),
  ];
}

const failure = ({ code, explanation }: { code: string; explanation: string }) =>
  `Reason: ${code}${explanation ? ` (${explanation})` : ''}.`;
