/**
 * Ids are `<prefix>_<name>`: `ttl_` title, `fil_` file, `sht_` shot, `dst_` dataset, `run_` engine run, `mdl_` model,
 * `tak_` take, `fct_` forecast, `ldg_` ledger, `dlv_` delivery. Those made from content use the first twelve digits of its
 * sha256.
 */
export type IdPrefix = 'ttl' | 'fil' | 'sht' | 'dst' | 'run' | 'mdl' | 'tak' | 'fct' | 'ldg' | 'dlv' | 'job';

export const idOf = (prefix: IdPrefix, name: string): string => `${prefix}_${name}`;

/** Lower-case words joined by hyphens, safe in paths and URLs; letters of any script are kept. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return slug || 'untitled';
}
