import { BacklotError } from '../contract/index.ts';
import type { Context } from '../jobs/index.ts';
import { basisOf, decideHoldings, type Holdings, holdingsOf } from './bulk.ts';
import { cawgUses } from './marks.ts';
import { matchTitle, namedOf } from './match.ts';
import { type Marking, notLegalAdvice } from './schema.ts';
import type { Use } from './uses.ts';

const bySomebody = 'By licence of its owners only.';
const plus = 'http://ns.useplus.org/ldf/vocab/';

/**
 * What copies of a title should say about training when they leave the house: CAWG's assertion and IPTC's property, from the
 * ledger. A grant permits its grantee, not everybody, so nothing is `allowed`: what the ledger permits to third parties for
 * every shot is `constrained`, all else `notAllowed`.
 * @throws BacklotError `no-such-row`
 */
export async function markingOf(context: Pick<Context, 'db'>, title: string, asOf: string): Promise<Marking> {
  const all = await holdingsOf(context);
  const holdings = ofTitle(all, title);
  if (holdings.shots.length === 0) throw noShots(title, all);
  const entries = Object.entries(cawgUses).map(([entry, uses]) => [
    `cawg.${entry}`,
    entryFor(holdings, uses, asOf),
  ]);
  const isOpen = entries.some(([, entry]) => (entry as { use: string }).use === 'constrained');
  const asked = {
    use: 'train.foundation' as const,
    territory: 'world',
    trainer: 'third-party' as const,
    asOf,
  };
  const { ledger, ruleVersion } = basisOf(all, asked);
  return {
    ...{ title, ledger, ruleVersion, asOf, shots: holdings.shots.length },
    cawg: { label: 'cawg.training-mining', data: { entries: Object.fromEntries(entries) } },
    iptc: {
      'plus:DataMining': `${plus}DMI-PROHIBITED${isOpen ? '-SEECONSTRAINT' : ''}`,
      'plus:OtherConstraints': isOpen ? bySomebody : null,
    },
    notice: `What the ledger lets copies say. ${notLegalAdvice}`,
  };
}

function ofTitle(holdings: Holdings, title: string): Holdings {
  const named = holdings.files.map(namedOf);
  const isOf = (file: Holdings['files'][number]): boolean => {
    const match = holdings.ledger && matchTitle(holdings.ledger.document, namedOf(file), named);
    return match !== null && 'title' in match && match.title === title;
  };
  const ids = new Set(holdings.files.filter(isOf).map(({ id }) => id));
  return { ...holdings, shots: holdings.shots.filter(({ fileId }) => ids.has(fileId)) };
}

function entryFor(
  holdings: Holdings,
  uses: readonly Use[],
  asOf: string,
): Marking['cawg']['data']['entries'][string] {
  const permitted = uses.some((use) =>
    decideHoldings(holdings, { use, territory: 'world', trainer: 'third-party', asOf }).every(
      ({ outcome }) => outcome === 'ALLOW',
    ),
  );
  return permitted ? { use: 'constrained', constraint_info: bySomebody } : { use: 'notAllowed' };
}

const noShots = (title: string, { ledger }: Holdings): BacklotError =>
  new BacklotError('no-such-row', {
    expected: 'a title of the ledger in force with catalogued shots',
    where: 'rights marking',
    found: ledger ? `none of ${title}` : 'no ledger',
    remedy: 'Correct the id, or catalogue its files and find their shots first.',
  });
