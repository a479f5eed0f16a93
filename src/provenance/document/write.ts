import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { type AuditEntry, appendAudit, type Context, makeFolder, writeOnce } from '../../jobs/index.ts';
import { digestOf } from '../digest.ts';
import type { Document, DocumentInput, DocumentKind, documentOutputSchema } from '../document-schema.ts';
import { ab2013 } from './ab-2013.ts';
import { euSummary } from './eu-summary.ts';
import { type ModelFacts, modelFacts } from './facts.ts';
import { markdownOf } from './markdown.ts';
import { isOpen } from './phrases.ts';

const kinds: Record<DocumentKind, { name: string; sections: (facts: ModelFacts) => Document['sections'] }> = {
  'eu-summary': {
    name: 'Public summary of training content (EU AI Act, Article 53(1)(d))',
    sections: euSummary,
  },
  'ab-2013': { name: 'Training data documentation (California Civil Code 3111, AB 2013)', sections: ab2013 },
};

const notice =
  'Filled from what this workspace has recorded; lines that begin "Not known here" are for people to write. This is not legal advice.';

/**
 * Writes a regulators' document about a model as Markdown and JSON; one that somebody filled in since stays.
 * @throws BacklotError `no-such-model`, `no-such-party`, `file-exists`
 */
export async function writeDocument(
  context: Context,
  { model: id, kind, provider, to }: DocumentInput,
): Promise<z.input<typeof documentOutputSchema>> {
  const facts = await modelFacts(context, id, provider);
  const { name, sections } = kinds[kind];
  const filled = sections(facts);
  const { model } = facts;
  const document: Document = {
    ...{ version: 1, kind, name, model: { id: model.id, name: model.name, sha256: model.sha256 } },
    ...{ sections: filled, notice },
    open: [...filled.flatMap(({ lines }) => lines).filter(isOpen), ...facts.gaps],
    withdrawn: facts.withdrawn,
  };
  await makeFolder(to);
  const path = join(to, `${kind}-${model.id}`);
  await writeOnce(`${path}.md`, markdownOf(document));
  await context.db.transaction(async (tx) => {
    if (!existsSync(`${path}.json`)) await appendAudit(tx, actOf(context, document, path));
    await writeOnce(`${path}.json`, `${JSON.stringify(document, null, 2)}\n`);
  });
  return { document, files: [`${path}.md`, `${path}.json`] };
}

const actOf = ({ who }: Context, document: Document, path: string): AuditEntry => ({
  ...{ who, what: 'provenance.document', subject: document.model.id },
  details: { kind: document.kind, path, digest: digestOf(document) },
});
