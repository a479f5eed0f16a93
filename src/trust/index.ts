export { isDeletionRecord, readDeletion, recordDeletion, recordRemovals } from './deletion.ts';
export { readSigned, readSignedBy, type SignedBy, signed, signersOf } from './envelope.ts';
export {
  isInside,
  keyIdAt,
  keysFolder,
  refuseKeysInside,
  rotateKey,
  signingKeyId,
  signingPublicKey,
  trustedFiles,
} from './keys.ts';
export { hasKeylessPermit, readMarked, unknownSigner } from './mark.ts';
export { useFor } from './needs.ts';
export {
  type Clear,
  type ClearJob,
  clearedSnapshots,
  clearRendered,
  datasetsOf,
  issuePermit,
} from './permit.ts';
export { bringBack, forgetKey, historyKeys, retiredFiles, retireKey } from './retired.ts';
export { givenRoots, pinnedRoot, pinRoot } from './roots.ts';
export { LATENTS_KEY_VARIABLE, latentsKey, RUN_KEY_VARIABLE } from './run-key.ts';
export { forWhomOf, readSeal, refuseAlteredRecord, sealRendered, writeSeal } from './seal.ts';
