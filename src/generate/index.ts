export { takeLinesIn, takesOf } from './crisp.ts';
export { type ClearedFor, clearDrawing, clearedAs, clearedFor, drawingUse } from './drawing.ts';
export { generate } from './generate.ts';
export { firstFrames, givenFolder, purgeFirstFrames, purgeGiven } from './given-file.ts';
export {
  type PictureRecord,
  type Pictures,
  pictureColumns,
  shotsInFiles,
  shotsOfPictures,
  shotsOfRecords,
} from './given-pictures.ts';
export { clearGiven, picturesGiven, shotsToGive, usesOfGiven } from './given-rights.ts';
export { mustHash } from './must-hash.ts';
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
export {
  clearTakesGiven,
  filesOf,
  modelsThatDrew,
  type TakeFile,
  takesBehind,
  takesOfFiles,
} from './takes-given.ts';
export { isRead, modelsUsed, type Read, type Used } from './undeclared.ts';
