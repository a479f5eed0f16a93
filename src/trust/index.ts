export { readSigned, readSignedBy, signed } from './envelope.ts';
export { refuseKeysInside, rotateKey, signingPublicKey, trustedFiles } from './keys.ts';
export { usesOf } from './needs.ts';
export {
  type Clear,
  type ClearJob,
  clearedSnapshots,
  clearRendered,
  datasetsOf,
  issuePermit,
} from './permit.ts';
export { readSeal, sealRendered, writeSeal } from './seal.ts';
