export { readAnchors } from './anchors.ts';
export { auditReport } from './audit.ts';
export { clearJob } from './clear.ts';
export { type CutClip, timelineOf, writeCut } from './cut.ts';
export { ensureIdentity, makeIdentity, TEST_IDENTITY } from './identity.ts';
export { lineageOf } from './lineage.ts';
export * from './schema.ts';
export { signTake, signTakes } from './sign.ts';
export { verifyFile } from './verify.ts';
