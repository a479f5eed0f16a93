import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real films and awkward files beside the repository, or where BACKLOT_FOOTAGE says; none is copied into it. */
export const FOOTAGE = resolve(
  process.env.BACKLOT_FOOTAGE ?? fileURLToPath(new URL('../../shared/footage', import.meta.url)),
);
