import { describe, expect, it } from 'vitest';
import { correctInputSchema } from '../rights/schema.ts';
import { declareInputSchema, importInputSchema } from '../train/schema.ts';
import {
  acknowledgeInputSchema,
  deliverInputSchema,
  retireInputSchema,
  settleInputSchema,
  signInputSchema,
} from './schema.ts';

const delivery = { takes: ['tak_1'], to: 'out', purpose: 'temp' };
const signing = { files: ['still.png'], takes: ['tak_1'], to: 'out', purpose: 'temp' };
const origin = { maker: 'Labs', licence: 'MIT', learnedFrom: 'clips' };

/** Each field in which people's words are signed, kept in the audit log or printed in a document, with an input that is whole without it. */
const fields = [
  ['provenance deliver', deliverInputSchema, delivery, ['saidBy', 'note']],
  ['provenance sign', signInputSchema, signing, ['saidBy', 'note']],
  ['provenance settle', settleInputSchema, { task: 't1', evidence: 'a letter' }, ['evidence', 'by']],
  ['provenance retire', retireInputSchema, { model: 'mdl_1', reason: 'old' }, ['reason', 'by']],
  ['audit acknowledge', acknowledgeInputSchema, { reason: 'a new disk' }, ['reason', 'by']],
  ['rights correct', correctInputSchema, { appearance: 'a1', reason: 'a mistake' }, ['reason', 'by']],
  ['model declare', declareInputSchema, { model: 'mdl_1', ...origin }, Object.keys(origin)],
  ['adapter import', importInputSchema, { file: 'a.safetensors', ...origin }, Object.keys(origin)],
] as const;

describe.each(fields)('what people say with %s', (_, schema, whole, names) => {
  it.each(names)('is plain words in %s: no formula and no markup', (name) => {
    const told = (text: string) => schema.safeParse({ ...whole, [name]: text });
    for (const text of ["=cmd|' /C calc'!A0", '@SUM(A1)', '<script>alert(1)</script>', '&lt;b&gt;'])
      expect(told(text).success).toBe(false);
    for (const text of ['R. & D. of 3 < 4, by phone', '-', '+44 20 7946 0000'])
      expect(told(text).success).toBe(true);
  });
});
