import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import PQueue from 'p-queue';
import { BacklotError } from '../contract/index.ts';
import { appendAudit, type Context } from '../jobs/index.ts';
import { newestRecording, recordStanding, type Standing, standing as standingNow } from '../rights/index.ts';
import { type CaptionedShot, captionAlarms } from './alarms.ts';
import { type Answer, askFor, type Endpoint, NoAnswer } from './ask-endpoint.ts';
import type { CaptionInput, CaptionReport } from './caption-schema.ts';
import { insertSending, newestDisclosure, settleSending } from './caption-store.ts';
import { type ToSend, toSend, type Wanted } from './caption-wanted.ts';
import { costOf } from './disclose.ts';
import { inWords } from './show.ts';

/** Pictures that are on their way at a time: an endpoint answers several as fast as one. */
const atOnce = 4;
/** Pictures in a row without a caption after which the endpoint is taken for unable. */
const failuresInARow = 10;
const keyName = 'BACKLOT_CAPTION_KEY';

/**
 * Has a vision endpoint describe the shots of the titles of which pictures may be sent there, each by its thumbnail.
 * Every picture is noted before it leaves. What was answered is not asked again, so it can be stopped at any time.
 * @throws BacklotError `nothing-disclosed`, `nothing-cleared`, `no-such-title`, `rights-changed`, `endpoint-unable`
 */
export async function captionShots(
  context: Context,
  input: CaptionInput,
  environment = process.env,
): Promise<CaptionReport> {
  const by = await standingNow(context.db);
  const standing = await standingOf(context);
  const wanted = await toSend(context, input);
  const key = environment[keyName] || null;
  const endpoint = { url: input.endpoint, model: input.model, key };
  await noteBefore(context, endpoint, wanted);
  const told: Told = {
    captioned: 0,
    cleaned: 0,
    gone: 0,
    failed: {},
    unanswered: 0,
    inARow: 0,
    tokens: { in: 0, out: 0, unsaid: 0 },
    written: [],
  };
  await all(context, input, wanted.shots, async (sending, signal, turn) => {
    const mustStand = async () => {
      if ((await standingOf(context)) !== standing) throw rightsChanged(endpoint, told);
    };
    await one(context, endpoint, sending, { told, by, mustStand, turn }, signal);
    if (told.inARow >= failuresInARow)
      throw unable(endpoint, told, `${told.inARow} pictures in a row had none`);
  });
  if (told.inARow > 0 && told.inARow === told.unanswered && told.captioned === 0)
    throw unable(endpoint, told, `no answer for any picture: ${inWords(told.failed)}`);
  return reportOf(input, wanted, told);
}

/** The log says that pictures leave before the first does. */
async function noteBefore(
  { db, who }: Context,
  { url, model }: Endpoint,
  { shots, titles }: Wanted,
): Promise<void> {
  if (shots.length === 0) return;
  const details = { model, titles, shots: shots.length };
  await appendAudit(db, { who, what: 'dataset.caption', subject: url, details });
}

/** What came of it so far. */
interface Told {
  captioned: number;
  cleaned: number;
  /** Shots whose picture was not there any more. */
  gone: number;
  failed: Record<string, number>;
  /** Pictures to which nothing came that this protocol calls an answer. */
  unanswered: number;
  inARow: number;
  tokens: CaptionReport['tokens'];
  written: CaptionedShot[];
}

/** What lets the pictures leave: once it changes, none does until everything was decided anew. */
const standingOf = async ({ db }: Pick<Context, 'db'>): Promise<string> =>
  `${await newestDisclosure(db)} ${(await newestRecording(db))?.id}`;

/** Waits until one more picture may leave. */
type Turn = () => Promise<void>;
type Send = (sending: ToSend, signal: AbortSignal, turn: Turn) => Promise<void>;

/** Sends all, those that are sent again among them evenly over the minute, until one says that the others need not be sent. */
async function all(
  context: Context,
  input: CaptionInput,
  shots: readonly ToSend[],
  send: Send,
): Promise<void> {
  const queue = new PQueue({ concurrency: atOnce });
  const turns = new PQueue({ intervalCap: 1, interval: 60_000 / input.perMinute });
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  let done = 0;
  const sent: Promise<void>[] = [];
  for (const shot of shots) {
    await Promise.race([queue.onSizeLessThan(atOnce), stopped]);
    if (signal.aborted) break;
    const work = async () => {
      await send(shot, signal, () => turns.add(async () => {}, { signal }));
      context.report({ phase: 'captions', done: ++done, total: shots.length, unit: 'shots' });
    };
    sent.push(queue.add(work, { signal }).catch((error) => stop.abort(error)));
  }
  await Promise.all(sent);
  signal.throwIfAborted();
}

interface Along {
  told: Told;
  by: Standing;
  mustStand: () => Promise<void>;
  turn: Turn;
}

async function one(
  context: Context,
  endpoint: Endpoint,
  sending: ToSend,
  along: Along,
  signal: AbortSignal,
): Promise<void> {
  const { told, mustStand } = along;
  const jpeg = await readFile(sending.thumbnail).catch(() => null);
  if (jpeg === null) {
    told.gone += 1;
    return;
  }
  const log = logOf(context, endpoint.model, sending, jpeg, along);
  try {
    const { caption, cleaned, tokens } = await askFor(endpoint, jpeg, log, signal);
    // Words of a shot that was withdrawn while it was on its way are not kept.
    await mustStand();
    await log.answered(caption, tokens);
    told.captioned += 1;
    told.cleaned += Number(cleaned);
    told.written.push({ title: sending.title, caption, source: 'model' });
    told.inARow = 0;
  } catch (error) {
    await log.failed(error instanceof NoAnswer ? error : { reason: 'stopped', tokens: null });
    if (!(error instanceof NoAnswer)) throw error;
    const { reason } = error;
    told.failed[reason] = (told.failed[reason] ?? 0) + 1;
    told.unanswered += Number(!error.answered);
    told.inARow += 1;
    if (error.fatal) throw unable(endpoint, told, error.message);
  }
}

/** The log of one picture's sendings: a row for each time, there before it leaves and settled once. */
function logOf(
  { db, who }: Context,
  model: string,
  { shot: shotId, file: fileId, disclosure: disclosureId }: ToSend,
  jpeg: Uint8Array,
  { told, by, mustStand, turn }: Along,
) {
  const picture = createHash('sha256').update(jpeg).digest('hex');
  let open: number | null = null;
  const settle = async (failure: string | null, tokens: Answer['tokens'], caption?: string) => {
    if (open === null) return;
    const row = caption === undefined ? undefined : { shotId, fileId, source: 'model', caption, who, model };
    const id = open;
    const write = (to: Parameters<typeof settleSending>[0]) =>
      settleSending(to, id, { failure, ...counted(told, tokens) }, row);
    await (row ? recordStanding(db, by, mustStand, write) : write(db));
    open = null;
  };
  return {
    before: async () => {
      await turn();
      await mustStand();
      const sending = { shotId, disclosureId, model, picture, who };
      open = await recordStanding(db, by, mustStand, (tx) => insertSending(tx, sending));
    },
    failed: ({ reason, tokens }: Pick<NoAnswer, 'reason' | 'tokens'>) => settle(reason, tokens),
    answered: (caption: string, tokens: Answer['tokens']) => settle(null, tokens, caption),
  };
}

function counted({ tokens }: Told, own: Answer['tokens']) {
  if (own === null) tokens.unsaid += 1;
  tokens.in += own?.in ?? 0;
  tokens.out += own?.out ?? 0;
  return { tokensIn: own?.in ?? null, tokensOut: own?.out ?? null };
}

function reportOf(input: CaptionInput, wanted: Wanted, told: Told): CaptionReport {
  const { titles, known } = wanted;
  const noPicture = (wanted.left.no_picture ?? 0) + told.gone;
  const left = noPicture > 0 ? { ...wanted.left, no_picture: noPicture } : wanted.left;
  const { endpoint, model } = input;
  const { captioned, cleaned, failed, tokens } = told;
  const alarms = captionAlarms(told.written);
  return {
    endpoint,
    model,
    titles,
    captioned,
    cleaned,
    known,
    left,
    failed,
    tokens,
    cost: costOf(tokens, input),
    alarms,
  };
}

const soFar = ({ captioned, tokens }: Told): string =>
  `after ${captioned} captions, ${tokens.in} tokens read and ${tokens.out} written`;

const rightsChanged = ({ url }: Endpoint, told: Told): BacklotError =>
  new BacklotError('rights-changed', {
    expected: 'the ledger and the permissions that the pictures were decided by',
    where: url,
    found: `others, ${soFar(told)}`,
    remedy: 'Give the command again: all is decided anew, and what was answered is not asked again.',
  });

const unable = ({ url, model }: Endpoint, told: Told, found: string): BacklotError =>
  new BacklotError('endpoint-unable', {
    expected: `captions from ${model}`,
    where: url,
    found: `${found} (${soFar(told)})`,
    remedy: `Look at its address, the model's name and ${keyName} in the environment of the process that works on the workspace. What was answered is not asked again.`,
  });
