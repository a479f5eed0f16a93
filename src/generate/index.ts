export { takeLinesIn } from './crisp.ts';
export { type ClearedFor, clearDrawing, clearedAs, clearedFor, drawingUse } from './drawing.ts';
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
export { filesOf, modelsThatDrew, takesBehind, takesOfFiles } from './takes-given.ts';
