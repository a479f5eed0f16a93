import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { BacklotError, messageOf, wordsOfBadInput } from '../contract/index.ts';

/** Error code to HTTP status; every code that is not here is 422: the request was understood and cannot be done. */
const STATUS: Record<string, ContentfulStatusCode> = {
  'bad-input': 400,
  'bad-json': 400,
  'bad-briefs': 400,
  'no-token': 401,
  'foreign-page': 403,
  'not-found': 404,
  'no-such-job': 404,
  'no-such-shot': 404,
  'no-such-take': 404,
  'no-such-file': 404,
  'no-such-snapshot': 404,
  'no-such-model': 404,
  'no-such-report': 404,
  'no-such-row': 404,
  'no-such-title': 404,
  'no-such-task': 404,
  'no-such-party': 404,
  'task-settled': 409,
  'model-retired': 409,
  'workspace-locked': 409,
  'wrong-job-state': 409,
  'not-json': 415,
  internal: 500,
  'workspace-closed': 403,
  'holder-gone': 503,
  'disk-full': 507,
};

export interface Failure {
  code: string;
  message: string;
}

/** What a caller is told of an error: all facts of a BacklotError, the fields of bad input, the message of others. */
export function failureOf(error: unknown): Failure {
  if (error instanceof BacklotError) return error.toJSON();
  if (error instanceof z.ZodError) return { code: 'bad-input', message: wordsOfBadInput(error) };
  return { code: 'internal', message: messageOf(error) };
}

export const statusOf = (error: unknown): ContentfulStatusCode => STATUS[failureOf(error).code] ?? 422;
