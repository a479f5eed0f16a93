export { assess } from './assess.ts';
export { predictUsable } from './predict.ts';
export { forgetLearned, purgeTrials } from './purge.ts';
export {
  type AssessInput,
  assessInputSchema,
  type Calibration,
  type Forecast,
  forecastSchema,
} from './schema.ts';
export { ENOUGH, verdictOf } from './verdict.ts';
