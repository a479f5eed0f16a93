export { takeLinesIn } from './crisp.ts';
export { generate } from './generate.ts';
export { firstFrames, givenFolder, purgeFirstFrames, purgeGiven } from './given-file.ts';
export {
  type Brief,
  briefSchema,
  type Expect,
  expectSchema,
  type GenerateInput,
  generateInputSchema,
  type Take,
  takeSchema,
} from './schema.ts';
export { getTake, listTakes } from './store.ts';
