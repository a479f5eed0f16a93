import type { RightsCheck } from './schema.ts';
import { usesFor } from './uses.ts';

/** Every term of a question in words: what was left out narrows nothing, and is not named. */
export function askedWords({
  use,
  model,
  trainer,
  output,
  performers,
  territory,
  asOf,
}: Pick<RightsCheck, 'use' | 'model' | 'trainer' | 'output' | 'performers' | 'territory' | 'asOf'>): string {
  const terms = [
    usesFor(use, performers).join(' and '),
    ...(performers.length === 0 ? [] : [`targeting ${performers.join(' and ')}`]),
    ...(model === null ? [] : [`model ${model}`]),
    ...(trainer === 'in-house' ? [] : [`${trainer} training`]),
    ...(output === null || use.endsWith(output) ? [] : [`${output} takes`]),
  ];
  return `${terms.join(', ')} in ${territory} on ${asOf}`;
}
