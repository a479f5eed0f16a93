// The nouns of the drawing machinery. Lengths are in frame heights: a frame is 1.5 wide and 1 high.
import type { BackdropName } from './backdrops.ts';
import type { GroundName } from './grounds.ts';
import type { HeldName } from './held.ts';
import type { SceneryName } from './scenery.ts';
import type { SilhouetteName } from './silhouettes.ts';
import type { TextureName } from './textures.ts';

/** Red, green, blue in 0..255. */
export type Rgb = readonly [number, number, number];

export const ACTIONS = ['walks left', 'walks right', 'jumps', 'stands'] as const;
export const CAMERAS = ['still', 'pans left', 'pans right', 'zooms in'] as const;
export const TIMES = ['day', 'night', 'sunset'] as const;
export type Action = (typeof ACTIONS)[number];
export type Camera = (typeof CAMERAS)[number];
export type Time = (typeof TIMES)[number];

/** How one character looks. `held` is headgear or a prop; titles know props only. */
export interface CharacterLook {
  readonly name: string;
  readonly silhouette: SilhouetteName;
  readonly body: Rgb;
  readonly accent: Rgb;
  readonly texture: TextureName;
  readonly held: HeldName;
  readonly heldColour: Rgb;
}

/** How one place looks by day; the time of day is applied when it is drawn. */
export interface SetLook {
  readonly name: string;
  readonly sky: readonly [Rgb, Rgb];
  readonly backdrop: BackdropName;
  readonly backdropColour: Rgb;
  readonly scenery: readonly [SceneryName, SceneryName];
  readonly sceneryColours: readonly [Rgb, Rgb];
  readonly ground: Rgb;
  readonly pattern: GroundName;
  readonly patternColour: Rgb;
}

/** The hand a title is drawn with. `inkWidth` in frame heights. */
export interface Style {
  readonly ink: Rgb;
  readonly inkWidth: number;
  readonly inkScenery: boolean;
  readonly shading: 'flat' | 'side' | 'glow' | 'band';
  readonly sky: 'gradient' | 'bands' | 'flat';
}

/** A title of the studio: its people, its places, its hand. */
export interface Title {
  readonly slug: string;
  readonly name: string;
  readonly style: Style;
  readonly characters: readonly [CharacterLook, CharacterLook];
  readonly sets: readonly [SetLook, SetLook];
  /** Appears in a few shots; the ledger knows whether the performer agreed. */
  readonly guest?: CharacterLook;
}

/** Everything that moves in a shot; speeds per second, in frame heights. */
export interface Motion {
  /** Where in the place the camera stands at the middle of the shot; other shots of a scene stand elsewhere. */
  readonly origin: number;
  /** Horizontal place of the character at the middle of the shot, 0..1.5. */
  readonly x: number;
  readonly walkSpeed: number;
  readonly panSpeed: number;
  /** Natural logarithm of the magnification gained per second. */
  readonly zoomRate: number;
  readonly jumpHeight: number;
  readonly jumpSeconds: number;
  readonly strideSeconds: number;
  /** Where in its cycle the motion starts, 0..1. */
  readonly phase: number;
}

/** One shot, complete: the same spec and time draw the same frame at any size. */
export interface ShotSpec {
  readonly character: CharacterLook;
  readonly set: SetLook;
  readonly style: Style;
  readonly action: Action;
  readonly camera: Camera;
  readonly time: Time;
  readonly seconds: number;
  /** Height of the body without headgear, in frame heights. */
  readonly size: number;
  /** Height of the horizon and of the feet, measured down from the top. */
  readonly horizon: number;
  readonly feet: number;
  readonly layoutSeed: number;
  readonly motion: Motion;
}

export const FRAME_WIDTH = 1.5;
