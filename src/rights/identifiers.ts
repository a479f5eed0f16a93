/** Public identifiers of people, works and films: how they are written, and what their last character must be. */

/**
 * What of an identifier counts: two that are equal here are one, be they given as a link, with the word before or
 * with spaces. ISNI is ISO 27729; EIDR and HAND are DOIs (ISO 26324), in which capital letters do not count.
 */
export function bareId(scheme: string, value: string): string {
  const written = value.trim().replaceAll(/%2f/gi, '/');
  if (scheme === 'ISNI' || scheme === 'ISAN')
    return withoutSpaces(withoutWord(written, scheme)).toUpperCase();
  if (scheme === 'EIDR') return bareEidr(written);
  return scheme === 'HAND' ? bareHandle(withoutWord(written, scheme)) : value;
}

const withoutSpaces = (text: string): string => text.replaceAll(/[\s\p{Pd}]/gu, '');

/** Without a link's beginning, `urn:isni:`, `ISNI: ` or the like. */
const withoutWord = (text: string, scheme: string): string =>
  text
    .replace(/^(?:https?:\/\/[^/]+\/|(?:www\.)?isni\.org\/)(?:isni\/)?/i, '')
    .replace(/\/+$/, '')
    .replace(new RegExp(`^(?:urn:)?${scheme}(?:\\s*id)?[\\s:]+`, 'i'), '')
    .replace(/^(?:info:)?(?:doi|hdl)[:/]\s*/i, '');

/** Prefix and suffix, however the link or the urn around them goes; hyphens are for the eye. */
function bareEidr(text: string): string {
  const [, prefix, suffix = ''] = /(10\.52\d\d)[/:]([\da-z\p{Pd}]+)/iu.exec(text) ?? [];
  return prefix === undefined
    ? withoutSpaces(text).toUpperCase()
    : `${prefix}/${withoutSpaces(suffix)}`.toUpperCase();
}

/** Handles that are no DOIs tell capital letters apart (RFC 3651). */
const bareHandle = (text: string): string => (text.startsWith('10.') ? text.toUpperCase() : text);

/** What was expected in place of an identifier that cannot be one; undefined where nothing is wrong with it. */
export function idFault(scheme: string, value: string): string | undefined {
  const bare = bareId(scheme, value);
  if (scheme === 'ISNI') return isniFault(bare);
  return bare.startsWith('10.5240/') && scheme === 'EIDR'
    ? eidrFault(bare.slice('10.5240/'.length))
    : undefined;
}

function isniFault(bare: string): string | undefined {
  if (!/^\d{15}[\dX]$/.test(bare)) return 'an ISNI: 15 digits and a check character';
  const check = mod11(bare.slice(0, -1));
  return bare.endsWith(check)
    ? undefined
    : `an ISNI: 15 digits and the check character that they give, ${check}`;
}

function eidrFault(suffix: string): string | undefined {
  if (!/^[\dA-F]{20}[\dA-Z]$/.test(suffix))
    return 'an EIDR: 10.5240/, 20 hexadecimal digits and a check character';
  const check = mod37(suffix.slice(0, -1));
  return suffix.endsWith(check)
    ? undefined
    : `an EIDR with the check character that its digits give, ${check}`;
}

/** ISO 7064, MOD 11-2. */
function mod11(digits: string): string {
  const sum = [...digits].reduce((held, digit) => (2 * (held + Number(digit))) % 11, 0);
  const check = (12 - sum) % 11;
  return check === 10 ? 'X' : String(check);
}

/** ISO 7064, MOD 37,36. */
function mod37(characters: string): string {
  const held = [...characters].reduce((product, one) => {
    const sum = (product + Number.parseInt(one, 36)) % 36;
    return (2 * (sum === 0 ? 36 : sum)) % 37;
  }, 36);
  return ((37 - held) % 36).toString(36).toUpperCase();
}
