// node bench/checker/redrawn/fit.ts --clips DIR --out DIR [--steps 600] [--seed 1] [--before CHECKER]
// Teaches the shipped checker with the clips that make.ts left in its DIR/set.
import { fitted, fitWish } from '../../fitted.ts';

const { steps, ...wish } = fitWish(600);
const looks = ['character', 'set', 'time'];
await fitted(wish, { looks, rate: 8e-4, moveSteps: 1000, steps, batch: 32, places: true });
