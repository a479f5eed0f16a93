import { always, type Span, spanOf } from './moments.ts';
import type { LedgerTitle } from './schema.ts';
import { addShares, type Fraction, negated, parseShare, shareText } from './shares.ts';

/** Time in which a party held some of a title, milliseconds since 1970, both ends included. */
export interface Holding extends Span {
  party: string;
}

export interface Chain {
  holdings: Holding[];
  /** Whether somebody would have had to give away what nobody gave them: the shares and the chain contradict each other. */
  broken: boolean;
}

type Transfer = NonNullable<LedgerTitle['chain']>[number];
type Shares = ReadonlyMap<string, Fraction>;

/**
 * Who held some of a title when: the shares are what came of all its transfers, and are followed back. A transfer without a day has
 * been made before all others.
 */
export function chainOf({ shares, chain = [] }: Pick<LedgerTitle, 'shares' | 'chain'>): Chain {
  const holdings: Holding[] = [];
  let now = summed(shares);
  let [end, broken] = [Infinity, false];
  for (const [start, transfers] of byStart(chain)) {
    holdings.push(...heldIn(now, { start, end }));
    now = transfers.reduce(undone, now);
    end = start - 1;
    broken ||= isImpossible(now);
  }
  holdings.push(...heldIn(now, { start: -Infinity, end }));
  const first = chain.filter(({ on }) => on === undefined).reduce(undone, now);
  return { holdings, broken: broken || isImpossible(first) };
}

/**
 * Who came to hold some of what a party held of a title at a moment or later, each with the first moment at which it can have. A transfer
 * without a day may have been made at any time.
 * @param since milliseconds since 1970
 */
export function successorsOf(
  { chain = [] }: Pick<LedgerTitle, 'chain'>,
  party: string,
  since: number,
): ReadonlyMap<string, number> {
  const holds = new Map([[party, since]]);
  const open: [string, number][] = [[party, since]];
  for (let giver = open.shift(); giver; giver = open.shift()) {
    const [name, held] = giver;
    for (const { to, on } of chain.filter(({ from }) => from === name)) {
      const day = on === undefined ? always : spanOf(on);
      const start = Math.max(held, day.start);
      if (day.end < held || start >= (holds.get(to) ?? Infinity)) continue;
      holds.set(to, start);
      open.push([to, start]);
    }
  }
  holds.delete(party);
  return holds;
}

/** Transfers with a day by the moment from which they hold, the last first. */
function byStart(chain: readonly Transfer[]): [number, Transfer[]][] {
  const dated = chain.flatMap((one) => (one.on === undefined ? [] : { start: spanOf(one.on).start, one }));
  const groups = Map.groupBy(dated, ({ start }) => start);
  return [...groups]
    .map(([start, group]): [number, Transfer[]] => [start, group.map(({ one }) => one)])
    .sort(([a], [b]) => b - a);
}

const given = (shares: Shares, party: string, share: Fraction): Shares =>
  new Map([...shares, [party, addShares(shares.get(party) ?? { num: 0n, den: 1n }, share)]]);

const summed = (shares: LedgerTitle['shares']): Shares =>
  shares.reduce<Shares>((sum, { party, share }) => given(sum, party, parseShare(share)), new Map());

/** The shares before a transfer. */
function undone(shares: Shares, { from, to, share }: Transfer): Shares {
  const part = parseShare(share);
  return given(given(shares, from, part), to, negated(part));
}

const heldIn = (shares: Shares, span: Span): Holding[] =>
  [...shares].filter(([, { num }]) => num > 0n).map(([party]) => ({ party, ...span }));

const isImpossible = (shares: Shares): boolean => [...shares.values()].some(({ num }) => num < 0n);

/** Everybody who holds some of the title for as much as an instant of the moment: each must permit. */
export function holdersOf({ holdings }: Chain, at: Span): string[] {
  const held = holdings.filter(({ start, end }) => start <= at.end && end >= at.start);
  return [...new Set(held.map(({ party }) => party))];
}

/**
 * How much of a title everybody held, as its shares and what was transferred since tell it.
 * @param moment an instant, or a day: by its end
 * @returns none where the chain contradicts the shares: then nobody can say
 */
export function sharesAt(
  { shares, chain = [] }: Pick<LedgerTitle, 'shares' | 'chain'>,
  moment: string,
): LedgerTitle['shares'] {
  const { end } = spanOf(moment);
  const since = byStart(chain).filter(([start]) => start > end);
  if (since.length === 0) return shares;
  const then = since.flatMap(([, transfers]) => transfers).reduce(undone, summed(shares));
  if (isImpossible(then)) return [];
  const held = [...then].filter(([, { num }]) => num > 0n);
  return held.map(([party, share]) => ({ party, share: shareText(share) }));
}
