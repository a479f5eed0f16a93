export { assess } from './assess.ts';
export { operations } from './operations.ts';
export {
  type AssessInput,
  assessInputSchema,
  type Calibration,
  type Forecast,
  forecastSchema,
} from './schema.ts';
export { ENOUGH, predictUsable, verdictOf } from './verdict.ts';
