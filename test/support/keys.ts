import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tests sign with keys of their own, never with those of the person who runs them. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-test-keys-'));
  process.env.BACKLOT_KEYS = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
