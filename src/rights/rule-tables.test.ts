import { expect, test, vi } from 'vitest';
import { ruleVersion } from './rule-version.ts';

test.each([
  ['./rules.ts', 'rules', []],
  ['./uses.ts', 'includedUses', {}],
  ['./uses.ts', 'forbiddenWith', {}],
  ['./uses.ts', 'replicas', []],
  ['./uses.ts', 'includedOutputs', {}],
  ['./uses.ts', 'unnamedTrainers', ['vendor']],
  ['./marks.ts', 'cawgUses', {}],
  ['./marks.ts', 'byValue', {}],
])('rules whose table in %s, %s, says something else have another version', async (module, table, other) => {
  vi.resetModules();
  vi.doMock(module, async (original) => ({ ...(await original<object>()), [table]: other }));
  const changed = await import('./rule-version.ts');
  vi.doUnmock(module);
  expect(changed.ruleVersion).not.toBe(ruleVersion);
});
