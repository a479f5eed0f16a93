import { basename } from 'node:path';
import { sidecarOf } from './formats.ts';
import { TEST_IDENTITY } from './identity.ts';
import { type EmbeddedLineage, notLegalAdvice, type Verification } from './schema.ts';
import { unhashedWords } from './unhashed-words.ts';

type Facts = Omit<Verification, 'words'>;
type Failure = Facts['failures'][number];

/**
 * A verification in sentences, the verdict first.
 * @param carries whether a manifest can lie in a file of this kind
 */
export function explain(facts: Facts, carries = true): string[] {
  if (facts.state === 'unsigned') return [carries ? unsigned : besideNothing(facts)];
  if (facts.state === 'unread') return facts.failures.map(unread);
  const where = facts.sidecar ? [`The manifest lies beside the file, in ${basename(facts.sidecar)}.`] : [];
  const made = facts.state === 'invalid' ? namedBy(facts) : madeFrom(facts);
  const notice = facts.lineages.length > 0 && facts.state !== 'invalid' ? [notLegalAdvice] : [];
  const outside = unhashedWords(facts);
  return [
    verdict(facts),
    ...outside,
    ...where,
    signer(facts),
    ...made,
    ...facts.failures.map(failure),
    ...notice,
  ];
}

const saysNothing = 'The file itself says nothing about where it came from.';

const unsigned = `Not signed: the file carries no C2PA manifest. It never had one, or it was lost when the file was re-encoded. ${saysNothing}`;

const unread = ({ code, explanation }: Failure): string =>
  code === 'format-unknown'
    ? `No signature was read: Backlot reads no signature in files of this kind (${explanation}), whether there is one or not.`
    : `No signature was read: the file is damaged, or of another kind than its ending says (${explanation}).`;

const besideNothing = ({ file }: Facts) =>
  `Not signed: a file of this kind carries no manifest, and there is no ${basename(sidecarOf(file))} beside it. ` +
  `If it was handed over with one, put that beside it. ${saysNothing}`;

function verdict({ state, altered, sidecar }: Facts): string {
  if (state === 'invalid' && altered && sidecar)
    return 'INVALID: the file was altered after it was signed, or the manifest beside it is that of another file.';
  if (state === 'invalid' && altered) return 'INVALID: the file was altered after it was signed.';
  if (state === 'invalid')
    return 'INVALID: the signature does not hold, so nothing it says can be relied on.';
  if (altered) return addedTo;
  if (state === 'trusted') return 'Unaltered since it was signed, and the signer is trusted here.';
  return 'Unaltered since it was signed, but the signer is not known here.';
}

const addedTo =
  'Picture and sound are unaltered since it was signed, but the file is not: bytes outside of what C2PA hashes were added or changed.';

function signer(facts: Facts): string {
  const { signedBy, signerTrusted, altered } = facts;
  if (!signedBy) return 'The signature names nobody.';
  const name = `Signed by "${signedBy}".`;
  const said =
    altered && signerTrusted ? `${name} The signature itself holds and its signer is trusted here.` : name;
  if (signedBy !== TEST_IDENTITY) return said;
  const shows = altered === false ? 'it shows that the file is whole, not' : 'it does not show';
  return `${said} That is the test identity ${ownerOf(facts)}; ${shows} which company made it.`;
}

/** Of a signature that does not hold nobody can say whose it is. */
function ownerOf({ signerTrusted, failures }: Facts): string {
  if (signerTrusted) return 'of this workspace';
  const stranger = failures.some(({ code }) => code === 'signingCredential.untrusted');
  return `of ${stranger ? 'some other workspace' : 'an unknown workspace'}: anybody can make one with this name`;
}

/** Where a signature does not hold it still says what was looked for. */
const namedBy = ({ lineages }: Facts): string[] =>
  lineages.length > 0
    ? [
        `Its manifest names take ${lineages.map(({ take }) => take).join(' and take ')}; whether the file is still what was signed, it does not prove.`,
      ]
    : [];

function madeFrom({ madeBy, trainedModel, madeOf, lineages }: Facts): string[] {
  const whole = madeOf.filter(({ relationship }) => relationship === 'parentOf');
  const parts = madeOf.filter(
    ({ relationship }) => relationship !== 'parentOf' && relationship !== 'inputTo',
  );
  const how = trainedModel ? howMade(parts.length > 0 || madeOf.some(isGiven)) : 'nothing is said about how';
  return [
    `The claim was written by ${madeBy ?? 'an unnamed program'}: the picture was made by ${how}.`,
    ...whole.map(({ title }) => `The file is ${title} in another form, says who signed it.`),
    ...parts.map(({ title }) => `${title} is one part of the picture, says who signed it.`),
    ...(lineages.length > 0 ? lineages.flatMap(describe) : ['It carries no Backlot lineage.']),
  ];
}

const isGiven = ({ title }: { title: string }) => title.startsWith('given as ');

const howMade = (inPart: boolean) =>
  inPart ? 'a trained model in part, with other pictures' : 'a trained model, not a camera';

function describe(lineage: EmbeddedLineage): string[] {
  const models = lineage.models
    .map((m) => `${m.kind} "${m.name}" (sha256 ${m.sha256.slice(0, 12)})`)
    .join(' and ');
  return [
    `Take ${lineage.take}, candidate ${lineage.candidate} of brief ${lineage.brief} ("${lineage.text}"), seed ${lineage.seed}.`,
    `Made with ${models}.`,
    ...lineage.models.flatMap(({ kind, name, declared }) =>
      declared
        ? [
            `What the ${kind} "${name}" learned from is declared, not proved: ${declared.learnedFrom} (licence: ${declared.licence}).`,
          ]
        : [],
    ),
    ...lineage.references.map(({ role, sha256 }) => `Its ${role} was given (sha256 ${sha256.slice(0, 12)}).`),
    ...lineage.snapshots.map(
      (s) =>
        `Trained on dataset ${s.id}: ${s.shots} shots of ${s.titles.join(', ')}, cleared by ${s.grants ?? 'an unknown number of'} grants of ledger ${s.ledger ?? 'unknown'}.`,
    ),
  ];
}

const failure = ({ code, explanation }: Failure) =>
  `Reason: ${code}${explanation ? ` (${explanation})` : ''}.`;
