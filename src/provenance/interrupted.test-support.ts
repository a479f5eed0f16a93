import type { Context } from '../jobs/index.ts';

/**
 * A context in which something else happens once, in the moment before a transaction after `arm`: when all was asked and made, and
 * nothing is recorded yet.
 * @param nth which of these transactions
 */
export function interrupted(
  context: Context,
  act: (context: Context) => Promise<unknown>,
  nth = 1,
): { context: Context; arm: () => void } {
  let [armed, done, begun] = [false, false, 0];
  const db = new Proxy(context.db, {
    get: (own, name) => {
      const value = Reflect.get(own, name, own);
      if (typeof value !== 'function') return value;
      if (name !== 'transaction') return value.bind(own);
      return async (...given: Parameters<typeof own.transaction>) => {
        const now = armed && !done && ++begun === nth;
        done ||= now;
        if (now) await act(context);
        return own.transaction(...given);
      };
    },
  });
  return {
    context: { ...context, db },
    arm: () => {
      armed = true;
    },
  };
}
