import { operations as assess } from './assess/operations.ts';
import { operations as catalog } from './catalog/operations.ts';
import { operations as dataset } from './dataset/operations.ts';
import type { Operation } from './jobs/context.ts';
import { operations as workspace } from './jobs/operations.ts';
import { operations as provenance } from './provenance/operations.ts';
import { operations as review } from './review/operations.ts';
import { operations as rights } from './rights/operations.ts';
import { operations as mainJob } from './run/operations.ts';
import { operations as generate } from './run/take-operations.ts';
import { operations as shots } from './shots/operations.ts';
import { operations as train } from './train/operations.ts';

/** One stage of the way from films to signed takes. */
interface Stage {
  name: string;
  takes: string;
  leaves: string;
  question: string;
  operations: readonly Operation[];
}

/** THE MAP: nine stages in order. Commands, URLs, tables, folders and the import rules use these names. */
export const stages: readonly Stage[] = [
  {
    name: 'catalog',
    takes: 'film files, read-only',
    leaves: 'titles, files, checksums, technical facts',
    question: 'what do we own, is it readable?',
    operations: catalog,
  },
  {
    name: 'shots',
    takes: 'files',
    leaves: 'shots, transitions, per-shot measurements, thumbnails',
    question: 'what is in it?',
    operations: shots,
  },
  {
    name: 'rights',
    takes: 'a ledger of parties, grants, consents',
    leaves: 'a decision with reasons for each shot and use',
    question: 'what may we use, for what?',
    operations: rights,
  },
  {
    name: 'dataset',
    takes: 'cleared shots',
    leaves: 'a frozen, content-addressed snapshot and its exports',
    question: 'exactly what will the model see?',
    operations: dataset,
  },
  {
    name: 'assess',
    takes: 'a snapshot',
    leaves: 'a forecast and a verdict',
    question: 'is it enough, and if not, what is missing?',
    operations: assess,
  },
  {
    name: 'train',
    takes: 'a snapshot and a base',
    leaves: 'a model: base weights or an adapter',
    question: 'learn it',
    operations: train,
  },
  {
    name: 'generate',
    takes: 'a model and briefs',
    leaves: 'takes, checked and screened for copying',
    question: 'make it',
    operations: generate,
  },
  {
    name: 'review',
    takes: 'takes',
    leaves: 'checks, verdicts, a report',
    question: 'is it usable?',
    operations: review,
  },
  {
    name: 'provenance',
    takes: 'all of the above',
    leaves: 'lineage, signed files, a cut for the editor',
    question: 'where did it come from, who is owed?',
    operations: provenance,
  },
];

/** Everything that can be asked of Backlot: what each stage does, the stages in a row, and the workspace itself. */
export const operations: readonly Operation[] = [
  ...stages.flatMap((stage) => stage.operations),
  ...mainJob,
  ...workspace,
];
