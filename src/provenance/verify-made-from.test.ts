import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testContext } from '../../test/support/context.ts';
import type { Context } from '../jobs/index.ts';
import { block } from './blocks.ts';
import { compositeSource } from './manifest.ts';
import { signMaster } from './masters.ts';
import { signTake } from './sign.ts';
import { addTake, still } from './signed.test-support.ts';
import { signerOf } from './signer.ts';
import { verifyOrFind } from './verify.ts';

/** A picture that another program has signed, with a take of ours as one part of it. */

let context: Context;
let close: () => Promise<void>;
const at = (name: string) => join(context.paths.root, name);

beforeAll(async () => {
  ({ context, close } = await testContext());
  await addTake(context, 'tak_1');
  const { signedPath } = await signTake(context, 'tak_1');
  await writeFile(at('poster.png'), await still());
  const actions = [
    { action: 'c2pa.created', digitalSourceType: compositeSource },
    { action: 'c2pa.placed', parameters: { ingredientIds: ['scene'] } },
  ];
  const manifest = {
    ...{ claim_generator_info: [{ name: 'Some Editor', version: '1' }], title: 'poster.png' },
    ...{ format: 'image/png', ingredients: [] },
    assertions: [{ label: 'c2pa.actions.v2', data: { actions }, created: true }],
  };
  const ingredient = { label: 'scene', title: 'scene 4', relationship: 'componentOf' };
  const parents = [{ path: signedPath, mime: 'video/mp4', ingredient }];
  const file = { source: at('poster.png'), mime: 'image/png', target: at('signed.png'), sidecar: null };
  await signMaster({ ...file, manifest, parents }, await signerOf(at('of-another'), {}));
}, 120_000);
afterAll(() => close());

test('verify says of what another program made from a take that the take was withdrawn', async () => {
  const before = await verifyOrFind(context, at('signed.png'));
  expect(before).toMatchObject({ state: 'valid-unknown-signer', lineages: [], withdrawn: [] });
  await block(context.db, [{ kind: 'take', id: 'tak_1', via: 'mdl_1' }], 'titles/harbour');
  const { withdrawn, words } = await verifyOrFind(context, at('signed.png'));
  expect(withdrawn).toMatchObject([{ take: 'tak_1', row: 'titles/harbour' }]);
  expect(words[1]).toMatch(
    /^WITHDRAWN: titles\/harbour, withdrawn .* has reached take tak_1, which this was made from, says who signed it\.$/,
  );
});
