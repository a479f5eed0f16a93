import type { KeysNow, RetiredKey, SignedWith } from './key-schema.ts';

export const keysWords = ({ signing, trusted, retired }: KeysNow): string =>
  [
    `signing key: ${signing}`,
    ...trusted.map((path) => `trusted: ${path}`),
    ...retired.map((path) => `out of use, believed of what was done: ${path}`),
  ].join('\n');

/** After a key was made: what the others still do. */
export const nextWords = ({ trusted }: KeysNow): string[] =>
  trusted.length > 1
    ? ['What the others signed lets models train as before, until `backlot provenance retire-key ID`']
    : [];

export function signerWords({ key, retiredAt, named }: SignedWith): string {
  if (named) return `signed by key ${key}, the one you named`;
  return retiredAt === null
    ? `signed by key ${key}, which is trusted here`
    : `signed by key ${key}, which is out of use since ${retiredAt} and signed it before`;
}

export const retiredKeyWords = ({ key, retiredAt, anew, aside, ...now }: RetiredKey): string =>
  [
    retiredAt === null
      ? `Nothing that key ${key} signed is believed any more`
      : `Key ${key} is out of use since ${retiredAt}: what it signed before stays checkable, and lets nothing train`,
    ...anew.map((file) => `signed anew: ${file}`),
    ...aside.map((file) => `set aside, as nothing here can check it: ${file}`),
    keysWords(now),
  ].join('\n');
