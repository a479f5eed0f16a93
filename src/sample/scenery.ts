import type { Drawing } from './pen.ts';
import { BASE } from './scenery-base.ts';
import { TITLE } from './scenery-titles.ts';

export const BASE_SCENERY = Object.keys(BASE) as readonly (keyof typeof BASE)[];
export const TITLE_SCENERY = Object.keys(TITLE) as readonly (keyof typeof TITLE)[];
export type SceneryName = keyof typeof BASE | keyof typeof TITLE;
export const SCENERY: Record<SceneryName, Drawing> = { ...BASE, ...TITLE };
