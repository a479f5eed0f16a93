import { join } from 'node:path';
import type { CatalogFile } from '../catalog/index.ts';
import type { Context } from '../jobs/index.ts';

type Where = Pick<Context, 'paths'>;

/** What is kept of a film whose pass is not done yet. */
export const unfinishedFolder = ({ paths }: Where, { id }: Pick<CatalogFile, 'id'>): string =>
  join(paths.thumbnails, `${id}.part`);
