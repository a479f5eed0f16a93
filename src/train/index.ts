export { refuseReplaced } from './locate.ts';
export { refuseNamed } from './named.ts';
export { noticesOf } from './notices.ts';
export { declareOrigin, isShipped, originsOf, shippedModels } from './origin.ts';
export { type Model, modelSchema, type TrainInput, trainInputSchema } from './schema.ts';
export { RETIRING, retiredAmong, withdrawalsOn } from './standing.ts';
export { getModel, listModels } from './store.ts';
export { train } from './train.ts';
export { registerUpscaler } from './upscaler.ts';
