import type { Context } from '../jobs/index.ts';

/**
 * A context in which something else happens once, in the moment before the first transaction after `arm`: when all was asked and made, and
 * nothing is recorded yet.
 */
export function interrupted(
  context: Context,
  act: (context: Context) => Promise<unknown>,
): { context: Context; arm: () => void } {
  let [armed, done] = [false, false];
  const db = new Proxy(context.db, {
    get: (own, name) => {
      const value = Reflect.get(own, name, own);
      if (typeof value !== 'function') return value;
      if (name !== 'transaction') return value.bind(own);
      return async (...given: Parameters<typeof own.transaction>) => {
        const now = armed && !done;
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
