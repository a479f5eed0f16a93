import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import { rawKey, type SigningKey, signingKey } from './keys.ts';

/**
 * Each run has a key of its own, made from the key that signs and the run's id. The engine gets this one alone, in its environment: it can
 * mark what its run leaves, and can sign neither permits nor anything of another run.
 */

/** Where the engine finds the seed of its key, 32 bytes in hex. */
export const RUN_KEY_VARIABLE = 'BACKLOT_RUN_KEY';

/** The head of an Ed25519 private key in PKCS #8 (RFC 8410), before its 32 bytes. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Both halves of a run's key, 32 bytes in hex each. @throws BacklotError `key-exposed`, `key-unreadable` */
export async function runKey(run: string): Promise<{ seed: string; publicKey: string }> {
  const seed = derived(await signingKey(), `run ${run}`);
  const der = Buffer.concat([PKCS8_HEAD, seed]);
  const key = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return { seed: seed.toString('hex'), publicKey: rawKey(key).toString('hex') };
}

/** Where the engine finds the key by which it knows latents that it has kept again, 32 bytes in hex. */
export const LATENTS_KEY_VARIABLE = 'BACKLOT_LATENTS_KEY';

/** The same for all runs, until the key that signs changes. @throws BacklotError `key-exposed`, `key-unreadable` */
export const latentsKey = async (): Promise<string> => derived(await signingKey(), 'latents').toString('hex');

/** HKDF-SHA256 (RFC 5869) of the signing key's 32 secret bytes. */
function derived({ key }: SigningKey, purpose: string): Buffer {
  const secret = key.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  return Buffer.from(hkdfSync('sha256', secret, '', `backlot ${purpose}`, 32));
}
