import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testContext } from '../../../test/support/context.ts';
import type { Context } from '../../jobs/index.ts';
import { fillDocumented, granted, ledger, written } from './documented.test-support.ts';

/** quarry is half the studio's and half the house's, both of which granted; rights in its music are a label's. */
const shared = {
  ...ledger,
  materials: ledger.materials.map((one) => ({ ...one, owner: 'label' })),
  parties: [...ledger.parties, { id: 'label', kind: 'org' as const, name: 'Label' }],
  titles: ledger.titles.map((title) =>
    title.id === 'quarry'
      ? {
          ...title,
          shares: [
            { party: 'studio', share: '50%' },
            { party: 'house', share: '50%' },
          ],
        }
      : title,
  ),
  grants: [
    ...ledger.grants,
    { ...granted('quarry', 'studio'), id: 'g-quarry-studio' },
    { ...granted('quarry', 'label'), id: 'g-music', materials: ['m1'] },
  ],
};

let context: Context;
let close: () => Promise<void>;
const summary = async (folder: string, provider?: string) =>
  (await written(context, 'eu-summary', provider, undefined, folder)).lines;

beforeAll(async () => {
  ({ context, close } = await testContext());
  await fillDocumented(context, {
    ledger: shared,
    grants: { quarry: ['g-music', 'g-quarry', 'g-quarry-studio'] },
  });
});
afterAll(() => close());

describe('a title that the provider owns in part', () => {
  it("is licensed by the others' shares, and the provider's own by its share alone", async () => {
    const lines = await summary('studio', 'studio');
    const licensed = lines.get('2.2.1') ?? [];
    expect(licensed[0]).toBe('Transactional commercial licensing agreements with rightsholders: Yes.');
    expect(licensed).toContain('Licensed: quarry: House of *Quarry*, 50%; granted by g-quarry');
    expect(licensed).toContain('Licensed: quarry: Label; granted by g-music, owns no share of the title');
    expect(lines.get('2.6')).toEqual(
      expect.arrayContaining([
        "The provider's own: harbour: Example Studio, 100%; granted by g-harbour",
        "The provider's own: quarry: Example Studio, 50%; granted by g-quarry-studio",
      ]),
    );
    expect(lines.get('2.6')?.join('\n')).not.toContain('House of');
  });

  it('is licensed in part in California too', async () => {
    const { lines } = await written(context, 'ab-2013', 'studio');
    const told = lines.get('(a)(6)') ?? [];
    expect(told).toContain('Licensed: quarry: House of *Quarry*, 50%; granted by g-quarry');
    expect(told).toContain("The provider's own: quarry: Example Studio, 50%; granted by g-quarry-studio");
    expect(told.join('\n')).toMatch(/Not known here: whether any of it was purchased/);
  });
});

describe('what the ledger does not show is no Yes and no No', () => {
  it('where nobody says who the provider is', async () => {
    const lines = (await summary('nobody')).get('2.2.1') ?? [];
    expect(lines.join('\n')).not.toMatch(/: (Yes|No)\./);
    expect(lines).toContain('Granted: quarry: House of *Quarry*, 50%; granted by g-quarry');
  });

  it('whether a grant was given for money', async () => {
    const lines = (await summary('studio', 'studio')).get('2.2.1') ?? [];
    expect(lines.join('\n')).toMatch(/Not known here: which of these grants rest on a transactional/);
  });

  it('where films came from, whether users gave some, and what private datasets they are of', async () => {
    const lines = await summary('studio', 'studio');
    expect(lines.get('2.2.2')?.join('\n')).toMatch(/^Not known here: .*private/);
    expect(lines.get('2.3')?.join('\n')).toContain('Not known here: whether any film');
    expect(lines.get('2.4')?.join('\n')).toContain('Not known here: whether any film');
  });
});

describe('a share of which no grant is among those that cleared the clips', () => {
  it('is neither licensed nor own', async () => {
    const other = await testContext();
    await fillDocumented(other.context, { ledger: shared, grants: { quarry: ['g-quarry-studio'] } });
    const { lines, document } = await written(other.context, 'eu-summary', 'studio');
    await other.close();
    expect(lines.get('2.2.1')?.join('\n')).not.toMatch(/: (Yes|No)\.|Licensed:/);
    expect(document.open.join('\n')).toContain('House of *Quarry*, 50%; no grant of this owner was used');
  });
});
