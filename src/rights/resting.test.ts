import { expect, it } from 'vitest';
import type { Target, Targets } from './claims.ts';
import { historyOf } from './history.ts';
import { sections } from './raw.ts';
import { type FilmNamed, filmsConcerned, restingShots, type ShotPlace } from './resting.ts';
import { type Ledger, ledgerSchema } from './schema.ts';

const ledger = ledgerSchema.parse({
  version: 1,
  parties: [
    { id: 'studio', kind: 'org', name: 'Studio' },
    { id: 'label', kind: 'org', name: 'Label' },
  ],
  titles: [
    { id: 'harbour', name: 'Harbour', files: ['h.mp4'], shares: [{ party: 'studio', share: '100%' }] },
  ],
  materials: [
    {
      ...{ id: 'song', kind: 'music', owner: 'label', title: 'harbour', file: 'h.mp4', status: 'confirmed' },
      shots: [{ in: 10, out: 12 }],
    },
  ],
  grants: [
    {
      ...{ id: 'licence', grantor: 'label', titles: ['harbour'], materials: ['song'] },
      ...{ uses: ['train.style'], territories: ['world'] },
    },
  ],
});

/** By ledgers, each in place of the one before. */
function restingIn(
  ledgers: readonly Ledger[],
  target: Target,
  files: readonly FilmNamed[],
  shots: readonly ShotPlace[],
) {
  const rows = sections.flatMap((section) => {
    const keys = new Set(ledgers.flatMap((one) => one[section].map(({ id }) => id)));
    return [...keys].flatMap((key) =>
      ledgers.map((one, i) => ({
        ...{ section, key, recording: i + 1 },
        content: one[section].find(({ id }) => id === key) ?? null,
      })),
    );
  });
  const targets = Object.fromEntries(Object.entries(target).map(([kind, id]) => [kind, [id]])) as Targets;
  const history = historyOf(rows);
  return restingShots(history, targets, filmsConcerned(history, targets, files), shots);
}

const restingOf = (one: Ledger, ...asked: Rest) => restingIn([one], ...asked);
type Rest = [Target, readonly FilmNamed[], readonly ShotPlace[]];

const file = { id: 'f', name: 'h.mp4', sha256: 'a'.repeat(64) };
const shot = (id: string, from: number, out: number) => ({
  ...{ id, fileId: 'f', in: from, out, inTimecode: '', outTimecode: '' },
});
const shots = [shot('before', 0, 10), shot('with', 10, 20), shot('after', 20, 30)];

it('a licence for material rests on the shots in which that is seen, and no others of the title', () => {
  for (const target of [{ grant: 'licence' }, { party: 'label' }]) {
    const { shots: found, films } = restingOf(ledger, target, [file], shots);
    expect([...found]).toEqual([['with', 'materials/song']]);
    expect([...films.keys()]).toEqual([file.sha256]);
  }
});

it('what a row permits includes the narrower uses, which it can be used for too', () => {
  expect(restingOf(ledger, { grant: 'licence' }, [file], shots).uses).toEqual([
    'train.style',
    'eval',
    'index',
  ]);
  expect(restingOf(ledger, { title: 'harbour' }, [file], shots).uses).toBeNull();
});

it('a guardian stands behind those for whom it consented, and whoever approves behind what it approved', () => {
  const terms = { titles: ['harbour'], uses: ['train.style' as const], territories: ['world'] };
  const place = { title: 'harbour', file: 'h.mp4', shots: [{ in: 0, out: 5 }], status: 'confirmed' as const };
  const more = ledgerSchema.parse({
    ...ledger,
    parties: [...ledger.parties, { id: 'guardian', kind: 'guardian', name: 'G' }],
    consents: [{ id: 'c', party: 'child', answer: 'given', givenBy: 'guardian', ...terms }],
    appearances: [{ id: 'seen', party: 'child', ...place }],
    restrictions: [{ id: 'r', imposedBy: 'estate', reason: 'ask', unless: 'approved', ...terms }],
    approvals: [{ id: 'ok', restriction: 'r', by: 'agency', ...terms }],
  });
  const rows = (party: string) => [...restingOf(more, { party }, [file], shots).shots];
  expect(rows('guardian')).toEqual([['before', 'appearances/seen']]);
  for (const party of ['estate', 'agency']) expect(rows(party)).toContainEqual(['after', 'approvals/ok']);
});

it('a file that two titles name rests on both', () => {
  const [harbour] = ledger.titles;
  const other = { ...harbour, id: 'pier', name: 'Pier', files: [file.sha256] };
  const two = ledgerSchema.parse({ ...ledger, titles: [harbour, other] });
  for (const title of ['harbour', 'pier']) {
    expect([...restingOf(two, { title }, [file], shots).films]).toEqual([[file.sha256, `titles/${title}`]]);
  }
});

it('a film rests on whatever names it by another name of its bytes', () => {
  const copied = { ...file, also: ['pier.mov', 'old.mov'] };
  const [harbour] = ledger.titles;
  const named = ['pier.mov', 'old.mov'].map((name, i) => ({ ...harbour, id: `other-${i}`, files: [name] }));
  const seen = {
    id: 'seen',
    party: 'child',
    title: 'harbour',
    file: 'old.mov',
    status: 'confirmed' as const,
  };
  const more = ledgerSchema.parse({
    ...ledger,
    titles: [harbour, ...named],
    appearances: [{ ...seen, shots: [{ in: 0, out: 5 }] }],
  });
  const rows = (target: Target) => [...restingOf(more, target, [copied], shots).shots.values()];
  expect(rows({ party: 'child' })).toEqual(['appearances/seen']);
  for (const title of ['harbour', 'other-0', 'other-1'])
    expect(rows({ title })).toEqual(shots.map(() => `titles/${title}`));
});
