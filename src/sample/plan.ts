// Decides a film before a frame is drawn: which shots, in which order, joined how.
import { type Rng, rngOf, shuffled } from './random.ts';
import {
  ACTIONS,
  type Action,
  CAMERAS,
  type Camera,
  type CharacterLook,
  type SetLook,
  type ShotSpec,
  TIMES,
  type Time,
  type Title,
} from './spec.ts';
import { isReserved, type TitleWords, titleCaption, titleShot } from './titles.ts';

export type TransitionType = 'cut' | 'fade' | 'dissolve';

/** How one part of the film gives way to the next, in frames; a fade has `out`, `black` and `in` parts. */
export interface Join {
  readonly type: TransitionType;
  readonly out: number;
  readonly black: number;
  readonly in: number;
}

export interface StoryShot {
  readonly kind: 'story';
  readonly scene: number;
  readonly words: TitleWords;
  readonly caption: string;
  readonly guest: boolean;
  readonly spec: ShotSpec;
  /** Frames that show nothing but this shot. */
  readonly frames: number;
}

/** The opening card or the end credits. */
export interface CardShot {
  readonly kind: 'opening' | 'credits';
  readonly lines: readonly string[];
  readonly spec: ShotSpec;
  readonly frames: number;
}

export type FilmPart = StoryShot | CardShot;

export interface FilmPlan {
  readonly title: Title;
  readonly fps: string;
  readonly startTimecode: string;
  readonly letterbox: boolean;
  readonly parts: readonly FilmPart[];
  /** joins[i] stands between parts[i - 1] and parts[i]; the first fades in, the last fades out. */
  readonly joins: readonly Join[];
}

export interface FilmOrder {
  readonly title: Title;
  readonly seed: number;
  readonly shots: number;
  readonly fps: string;
  readonly startTimecode: string;
  readonly letterbox: boolean;
  /** Lines of the end credits. */
  readonly credits: readonly string[];
}

/** Cards hold for less than a clip's length: they are part of the film, not of what a model should learn. */
const CARD_SECONDS = 1.3;
const GUEST_SHOTS = 3;
/** A title needs this many shots before a guest gets a scene. */
const ROOM_FOR_GUEST = 12;

export const rateOf = (fps: string): number => {
  const [num = 24, den = 1] = fps.split('/').map(Number);
  return num / den;
};

export function planFilm(order: FilmOrder): FilmPlan {
  const { title, fps, startTimecode, letterbox } = order;
  const rng = rngOf('film', title.slug, order.seed);
  const story = planStory(rng, order);
  const card = (kind: CardShot['kind'], lines: readonly string[]): CardShot => ({
    kind,
    lines,
    spec: cardSpec(rng, title),
    frames: Math.round(CARD_SECONDS * rateOf(fps)),
  });
  const parts = [card('opening', [title.name]), ...story, card('credits', order.credits)];
  return { title, fps, startTimecode, letterbox, parts, joins: planJoins(rng, parts, rateOf(fps)) };
}

/** The first character standing in the first place by day, behind the lettering. */
function cardSpec(rng: Rng, title: Title): ShotSpec {
  const words: TitleWords = {
    character: title.characters[0],
    set: title.sets[0],
    action: 'stands',
    time: 'day',
    camera: 'still',
  };
  return titleShot(rng, title.style, words, CARD_SECONDS);
}

interface Scene {
  readonly number: number;
  readonly set: SetLook;
  readonly time: Time;
  readonly guest: boolean;
  readonly shots: number;
}

function planStory(rng: Rng, order: FilmOrder): StoryShot[] {
  const decks = dealer(rng, order.title);
  return planScenes(rng, order).flatMap((scene) => planScene(rng, order, scene, decks));
}

/** Scenes of 2 to 4 shots; places alternate and the time of day goes round, so that a place is seen by one light more than once. */
function planScenes(rng: Rng, { title, shots }: FilmOrder): Scene[] {
  const times = shuffled(rng, TIMES);
  const scenes: Scene[] = [];
  const withGuest = title.guest !== undefined && shots >= ROOM_FOR_GUEST;
  for (let left = shots - (withGuest ? GUEST_SHOTS : 0); left > 0; ) {
    const take = left <= 4 ? left : Math.min(rng.int(2, 4), left - 2);
    scenes.push(sceneOf(scenes.length, take, false));
    left -= take;
  }
  if (withGuest) scenes.splice(2, 0, sceneOf(2, GUEST_SHOTS, true));
  return scenes.map((scene, i) => ({ ...scene, number: i + 1 }));

  function sceneOf(i: number, take: number, guest: boolean): Scene {
    return {
      number: i,
      set: title.sets[i % 2] as SetLook,
      time: times[(i + Math.floor(i / 6)) % 3] as Time,
      guest,
      shots: take,
    };
  }
}

interface Dealer {
  action(set: SetLook, character: CharacterLook, time: Time): Action;
  camera(): Camera;
}

/** Deals actions and cameras evenly and never a combination that is kept for new takes. */
function dealer(rng: Rng, title: Title): Dealer {
  const dealt = new Map<string, number>();
  const cameras: Camera[] = [];
  const count = (key: string) => dealt.get(key) ?? 0;
  return {
    action(set, character, time) {
      const allowed = ACTIONS.filter(
        (action) => !isReserved(title, { character, set, action, time, camera: 'still' }),
      );
      const keyOf = (action: Action) => `${character.name}+${set.name}+${action}`;
      const [least] = shuffled(rng, allowed).sort((a, b) => count(keyOf(a)) - count(keyOf(b)));
      const action = least ?? 'stands';
      dealt.set(keyOf(action), count(keyOf(action)) + 1);
      return action;
    },
    camera() {
      if (cameras.length === 0) cameras.push(...shuffled(rng, CAMERAS));
      return cameras.pop() ?? 'still';
    },
  };
}

function planScene(rng: Rng, order: FilmOrder, scene: Scene, decks: Dealer): StoryShot[] {
  const { title } = order;
  const first = rng.int(0, 1);
  return Array.from({ length: scene.shots }, (_, i) => {
    const character = scene.guest
      ? (title.guest ?? title.characters[0])
      : (title.characters[(first + i) % 2] as CharacterLook);
    const words: TitleWords = {
      character,
      set: scene.set,
      action: decks.action(scene.set, character, scene.time),
      time: scene.time,
      camera: decks.camera(),
    };
    return storyShot(rng, order, scene, words, i);
  });
}

function storyShot(rng: Rng, order: FilmOrder, scene: Scene, words: TitleWords, i: number): StoryShot {
  const rate = rateOf(order.fps);
  const frames = Math.round(rng.range(2.5, 3.6) * rate);
  const spec = titleShot(rng, order.title.style, words, frames / rate);
  const origin = (i % 2 ? 1 : -1) * rng.range(0.1, 0.6);
  return {
    kind: 'story',
    scene: scene.number,
    words,
    caption: titleCaption(words),
    guest: scene.guest,
    frames,
    spec: { ...spec, motion: { ...spec.motion, origin } },
  };
}

const CUT: Join = { type: 'cut', out: 0, black: 0, in: 0 };

/** Fades at both ends and around the credits; between scenes fade and dissolve by turns; every third join inside a scene dissolves. */
function planJoins(rng: Rng, parts: readonly FilmPart[], rate: number): Join[] {
  const edge = Math.round(rate * 0.7);
  const inside = counter(3);
  const between = counter(2);
  const story = (before: StoryPart, part: StoryPart): Join => {
    if (part.guest || before.guest) return CUT;
    if (part.scene !== before.scene) return between() ? dissolve(rng) : fade(rng);
    return inside() ? dissolve(rng) : CUT;
  };
  const joins = parts.map((part, i): Join => {
    const before = parts[i - 1];
    if (!before) return { type: 'fade', out: 0, black: 0, in: edge };
    if (part.kind === 'credits') return fade(rng);
    return before.kind === 'story' && part.kind === 'story' ? story(before, part) : dissolve(rng);
  });
  return [...joins, { type: 'fade', out: edge, black: 0, in: 0 }];
}

type StoryPart = Extract<FilmPart, { kind: 'story' }>;

/** True on every n-th call. */
function counter(n: number): () => boolean {
  let calls = 0;
  return () => ++calls % n === 0;
}

const dissolve = (rng: Rng): Join => {
  const frames = rng.int(6, 16);
  return { type: 'dissolve', out: frames, black: 0, in: frames };
};

const fade = (rng: Rng): Join => ({
  type: 'fade',
  out: rng.int(6, 10),
  black: rng.int(3, 8),
  in: rng.int(6, 10),
});
