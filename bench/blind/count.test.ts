import { expect, test } from 'vitest';
import { errorsOf, rowsOf, type Seen, saidOf } from './count.ts';

const take = (number: number, arm: string, accepted: boolean, reasons: string[] = []): Seen => ({
  ...{ number, arm, text: `take ${number}`, reasons, accepted },
  passed: reasons.length === 0,
});
const seen = [
  take(1, 'adapter', true),
  take(2, 'adapter', true, ['camera: asked for still, saw pans left']),
  take(3, 'adapter', false),
  take(4, 'scratch', false, ['figure: stands out by 2.0 grey levels, must by 10.0']),
];

test('agreement is told for all takes and for each arm', () => {
  const told = rowsOf(seen, '').map(({ what, value, n }) => [what, value, n]);
  expect(told).toEqual([
    ['takes on which checker and eye agree', 0.5, 4],
    ['takes on which they agree, adapter', 1 / 3, 3],
    ['takes on which they agree, scratch', 1, 1],
    ['passed takes that the eye accepts', 0.5, 2],
    ['refused takes that the eye refuses', 0.5, 2],
  ]);
});

test('what the checker got wrong is named with its number, arm and reasons', () => {
  const { passedNotAccepted, acceptedNotPassed } = errorsOf(seen);
  expect(passedNotAccepted).toEqual([{ number: 3, arm: 'adapter', text: 'take 3' }]);
  expect(acceptedNotPassed).toEqual([
    { number: 2, arm: 'adapter', text: 'take 2', reasons: ['camera: asked for still, saw pans left'] },
  ]);
});

test('each arm says how many takes the eye accepted and the checker passed', () => {
  expect(saidOf(seen)).toEqual([
    { arm: 'adapter', takes: 3, accepted: 2, passed: 2 },
    { arm: 'scratch', takes: 1, accepted: 0, passed: 0 },
  ]);
});
