// node bench/reader/fit.ts --clips DIR --out DIR [--steps 600] [--seed 1] [--before READER]
// Trains the reader of worlds on clips that `src/sample/clips-cli.ts --kind fellows` rendered, from the shipped checker or from an earlier
// reader. Movement is read by the checker's network, as it is: fellows walk, jump and stand as everybody does.
import { fitted, fitWish } from '../fitted.ts';
import { LOOKS } from './words.ts';

const { steps, ...wish } = fitWish(600);
await fitted(wish, { looks: [...LOOKS], rate: 1.5e-3, moveSteps: 0, steps, batch: 32, places: false });
