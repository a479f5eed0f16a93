import { expect, it } from 'vitest';
import type { Take } from '../generate/index.ts';
import type { Model } from '../train/index.ts';
import { groupsOf } from './groups.ts';

type Kind = Model['kind'];
const model = (id: string, kind: Kind, name: string, seconds?: number) =>
  [id, { id, kind, name, record: seconds === undefined ? {} : { seconds } } as unknown as Model] as const;
const models = new Map([
  model('mdl_base', 'base', 'base'),
  model('mdl_rain', 'adapter', 'rain', 60),
  model('mdl_snow', 'adapter', 'snow', 40),
  model('mdl_fog', 'adapter', 'fog'),
]);

/** A take as it is kept: shown under its one adapter, else under the base. */
function take(id: string, ...adapters: { id: string; weight: number }[]): Take {
  const modelId = adapters.length === 1 ? adapters[0]?.id : 'mdl_base';
  return { id, modelId, brief: { adapters } } as unknown as Take;
}

const rain = { id: 'mdl_rain', weight: 1 };
const snow = { id: 'mdl_snow', weight: 0.5 };
const namesOf = (takes: Take[], of = models) => groupsOf(takes, [], of).map(({ name }) => name);

it('takes of several adapters are not shown as those of the base that never saw the catalogue', () => {
  expect(namesOf([take('a'), take('b', rain, snow)])).toEqual(['base', 'rain + snow × 0.5']);
});

it('the order of adapters makes no other group, and their weights do', () => {
  const groups = groupsOf([take('a', rain, snow), take('b', snow, rain), take('c', rain)], [], models);
  expect(groups.map(({ takes }) => takes.map(({ id }) => id))).toEqual([['a', 'b'], ['c']]);
  expect(namesOf([take('a', rain), take('b', { ...rain, weight: 0.3 })])).toEqual(['rain', 'rain × 0.3']);
});

it('two models of one name are told apart by their ids, so that no take is shown in two columns', () => {
  const alike = new Map([...models, model('mdl_rain2', 'adapter', 'rain', 60)]);
  const again = { id: 'mdl_rain2', weight: 1 };
  expect(namesOf([take('a', rain), take('b', again)], alike)).toEqual([
    'rain (mdl_rain)',
    'rain (mdl_rain2)',
  ]);
});

it('adapters took as long to train as all of them together, which is not known of those from elsewhere', () => {
  const fog = { id: 'mdl_fog', weight: 1 };
  const groups = groupsOf(
    [take('a'), take('b', rain, snow), take('c', fog), take('d', rain, fog)],
    [],
    models,
  );
  expect(groups.map(({ trainSeconds }) => trainSeconds)).toEqual([0, 100, null, null]);
});

it('an adapter on a model that was trained whole took the time of both', () => {
  const [id, adapter] = model('mdl_rain', 'adapter', 'rain', 60);
  const whole = new Map([
    ...models,
    model('mdl_whole', 'full', 'whole', 500),
    [id, { ...adapter, baseId: 'mdl_whole' }] as const,
  ]);
  const several = { ...take('b', rain, snow), modelId: 'mdl_whole' };
  const groups = groupsOf([take('a', rain), several], [], whole);
  expect(groups.map(({ trainSeconds }) => trainSeconds)).toEqual([560, 600]);
});
