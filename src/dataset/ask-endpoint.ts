import ky, { isHTTPError, isNetworkError, isTimeoutError } from 'ky';
import { z } from 'zod';
import { messageOf } from '../contract/index.ts';
import { plainWords } from './plain-words.ts';

/** A vision endpoint of the OpenAI protocol, and how it is asked. */
export interface Endpoint {
  url: string;
  model: string;
  /** Null: it asks for none. */
  key: string | null;
}

export interface Answer {
  caption: string;
  /** Whether reasoning or markup was cut from it. */
  cleaned: boolean;
  /** Tokens as the endpoint counts them; null where it does not say. */
  tokens: { in: number; out: number } | null;
}

/** Why a picture got no caption. */
export class NoAnswer extends Error {
  readonly reason: string;
  /** No other picture would get one either. */
  readonly fatal: boolean;
  /** The model answered, with no caption. */
  readonly answered: boolean;
  /** What the endpoint counted all the same. */
  readonly tokens: Answer['tokens'];

  constructor(
    reason: string,
    message: string,
    more: { fatal?: boolean; answered?: boolean; tokens?: Answer['tokens'] } = {},
  ) {
    super(message);
    this.reason = reason;
    this.fatal = more.fatal ?? false;
    this.answered = more.answered ?? false;
    this.tokens = more.tokens ?? null;
  }
}

/** Says what is seen and not who: naming people in pictures would be biometric, and a guess. */
const question =
  'Describe what this frame of a film shows, in one plain sentence: who or what is seen by appearance, what they do, ' +
  'where, and the light. Do not name or identify anybody. Do not begin with "The image" or the like.';

/** A local model on a processor may take that long for a picture. */
const answerMs = 120_000;
/** Waits of .5, 1, 2, 4 and 8 seconds, of which up to half are left out by chance so that many askers do not meet again. */
const retries = 5;
const firstWaitMs = 500;
/** What an endpoint asks for in Retry-After is kept to; a job that should wait longer than that had better be asked again later. */
const longestWaitMs = 15 * 60_000;
const busy = [408, 409, 429, 500, 502, 503, 504];
/** The key or the address is wrong: every picture would get this answer, or be sent on elsewhere. */
const wrongAsked = [401, 402, 403, 404, 405];

const answerSchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish(), refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }).nullish(),
});

/** Told of each time that the picture is sent, retries too. */
export interface Sendings {
  /** Awaited before the picture leaves; a retry may leave a quarter of an hour after the time before. */
  before: () => Promise<void>;
  /** Awaited as soon as a time came to nothing, unless it is the last: its reason is thrown. */
  failed: (reason: NoAnswer) => Promise<void>;
}

/**
 * Asks for one picture's caption. Redirects are refused: pictures go where a person has let them go and nowhere else.
 * @param jpeg bytes of the picture
 * @throws NoAnswer, the signal's reason, or what `sendings` throw
 */
export async function askFor(
  endpoint: Endpoint,
  jpeg: Uint8Array,
  { before, failed }: Sendings,
  signal: AbortSignal,
): Promise<Answer> {
  let own: unknown = null;
  const ours = (work: Promise<void>) =>
    work.catch((error) => {
      own = error;
      throw error;
    });
  await before();
  try {
    const answer = await ky.post(`${endpoint.url}/chat/completions`, {
      json: bodyOf(endpoint.model, jpeg),
      headers: endpoint.key === null ? {} : { authorization: `Bearer ${endpoint.key}` },
      redirect: 'manual',
      signal,
      timeout: answerMs,
      hooks: { beforeRetry: [() => ours(before())] },
      retry: {
        ...{ limit: retries, methods: ['post'], statusCodes: busy, afterStatusCodes: busy },
        ...{ maxRetryAfter: longestWaitMs, retryOnTimeout: true },
        shouldRetry: ({ error }) => ours(failed(noAnswer(error))).then(() => undefined),
        delay: (attempt) => firstWaitMs * 2 ** (attempt - 1),
        jitter: (wait) => wait * (1 - Math.random() / 2),
      },
    });
    return answerIn(await answer.json());
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof NoAnswer || error === own ? error : noAnswer(error);
  }
}

const bodyOf = (model: string, jpeg: Uint8Array) => ({
  model,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: question },
        {
          type: 'image_url',
          image_url: { url: `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}` },
        },
      ],
    },
  ],
});

/** Longer than any sentence; what says more did not do as it was asked. */
const longest = 1000;
const declines = /^(i['’]?m sorry|sorry,|i (can['’]?t|cannot|am unable|['’]m unable)|as an ai)/i;

function answerIn(body: unknown): Answer {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) throw new NoAnswer('not_understood', 'the answer is not one of this protocol');
  const { choices, usage } = parsed.data;
  const tokens = usage ? { in: usage.prompt_tokens, out: usage.completion_tokens } : null;
  const plain = plainWords(choices[0]?.message.content ?? '');
  const { caption, cleaned } = plain ?? { caption: '', cleaned: true };
  const cut = caption.length > longest || choices[0]?.finish_reason === 'length';
  const declined = Boolean(choices[0]?.message.refusal) || declines.test(caption);
  const endless = plain === null && 'reasoning_unfinished';
  const reason = (declined && 'declined') || endless || (caption === '' && 'empty') || (cut && 'too_long');
  if (reason) throw new NoAnswer(reason, `the answer is no caption: ${reason}`, { answered: true, tokens });
  return { caption, cleaned, tokens };
}

function noAnswer(error: unknown): NoAnswer {
  if (isHTTPError(error)) {
    const { status } = error.response;
    return new NoAnswer(`http_${status}`, messageOf(error), {
      fatal: status < 400 || wrongAsked.includes(status),
    });
  }
  if (isTimeoutError(error)) return new NoAnswer('timeout', messageOf(error));
  return isNetworkError(error)
    ? new NoAnswer('no_connection', messageOf(error))
    : new NoAnswer('not_understood', messageOf(error));
}
