// node bench/blind/agree.ts KEY ANSWERS
// Compares what a person accepted on the sheets with the checker. ANSWERS: the numbers that were accepted, apart by spaces or lines.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { wilson } from '../../src/review/index.ts';
import { checkerRow } from '../takes.ts';

interface Judged {
  take: string;
  text: string;
  reasons: string[];
}

const [key = '', answers = ''] = process.argv.slice(2);
const { checker, takes } = JSON.parse(readFileSync(key, 'utf8')) as { checker: string; takes: Judged[] };
const accepted = new Set(readFileSync(answers, 'utf8').split(/\s+/).filter(Boolean).map(Number));
const seen = takes.map(({ take, text, reasons }, i) => ({
  number: i + 1,
  take,
  text,
  reasons,
  accepted: accepted.has(i + 1),
  passed: reasons.length === 0,
}));

const passed = seen.filter((one) => one.passed);
const refused = seen.filter((one) => !one.passed);
const share = (what: string, of: typeof seen, hit: (one: (typeof seen)[number]) => boolean) => {
  const { value, low, high } = wilson(of.filter(hit).length, of.length);
  return { what, value, unit: 'share', low, high, n: of.length };
};
const rows = [
  checkerRow(checker),
  share('takes on which checker and eye agree', seen, (one) => one.accepted === one.passed),
  share('passed takes that the eye accepts', passed, (one) => one.accepted),
  share('refused takes that the eye refuses', refused, (one) => !one.accepted),
];
const named = (of: typeof seen) =>
  of.map(({ number, text, reasons }) => ({ number, text, ...(reasons.length > 0 ? { reasons } : {}) }));
const date = new Date().toISOString().slice(0, 10);
const table = {
  ...{ bench: 'blind', date, cpu: cpus()[0]?.model },
  rows,
  passedNotAccepted: named(passed.filter((one) => !one.accepted)),
  acceptedNotPassed: named(refused.filter((one) => one.accepted)),
};
process.stdout.write(`${JSON.stringify(table, null, 1)}\n`);
