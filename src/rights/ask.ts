import { BacklotError } from '../contract/index.ts';
import { momentSchema } from './field-schema.ts';
import { type Span, spanOf } from './moments.ts';
import { requireRules } from './rule-version.ts';
import { isTerritory } from './territories.ts';
import {
  forbiddenBy,
  narrowerOutputs,
  type OutputKind,
  outputOf,
  type Trainer,
  type Use,
  usesFor,
  widerOutputs,
  widerUses,
} from './uses.ts';

/** What somebody wants to do. What is left out is asked for without limit, but that training is in-house. */
export interface Asked {
  use: Use;
  /** ISO 3166 code, or `world`: everywhere at once. */
  territory: string;
  /** A day (the permission must hold all of it) or an instant. */
  asOf: string;
  model?: string | undefined;
  trainer?: Trainer | undefined;
  output?: OutputKind | undefined;
  /** The parties that the training or the take targets: makes it a replica of each. None: nobody is named. */
  performers?: readonly string[] | undefined;
  /** The rules that must decide, as an answer names them: others refuse. */
  ruleVersion?: string | undefined;
}

/** What is asked, read: `null` is "any", which a row that names some does not cover and always concerns. */
export interface Ask {
  use: Use;
  /** Granting or consenting to one of these covers the use. */
  coveredBy: readonly Use[];
  /** Forbidding one of these forbids the use. */
  includes: readonly Use[];
  territory: string;
  model: string | null;
  trainer: Trainer;
  output: OutputKind | null;
  outputCoveredBy: readonly OutputKind[];
  outputIncludes: readonly OutputKind[];
  asOf: string;
  at: Span;
  /** The party that must be known and agree, seen or not; null where nobody is named. */
  performer: string | null;
}

/** A question whoever it is about. */
type OfAnybody = Omit<Ask, 'performer'>;

/** The question of `readAsks` that is about each performer where some are named. @throws BacklotError `other-rules`, `bad-input` */
export function readAsk(asked: Asked): OfAnybody {
  requireRules(asked.ruleVersion);
  requireOneKind(asked);
  return askOf(asked, usesFor(asked.use, asked.performers).at(-1) ?? asked.use);
}

/**
 * Questions that must all be answered with yes: one for each thing that is done, then of each performer the same of its own.
 * @throws BacklotError `other-rules`; `bad-input` where the use is for takes of another kind than `output`
 */
export function readAsks(asked: Asked): Ask[] {
  const others = usesFor(asked.use, asked.performers).slice(0, -1);
  const last = readAsk(asked);
  return [
    ...others.map((use) => ({ ...askOf(asked, use), performer: null })),
    ...(isNamed(asked) ? asked.performers : [null]).map((performer) => ({ ...last, performer })),
  ];
}

/** Whether somebody is targeted by name. */
export const isNamed = (asked: Pick<Asked, 'performers'>): asked is { performers: readonly string[] } =>
  (asked.performers ?? []).length > 0;

/** Of a text that is no moment: an instant without a zone is another one on each machine. */
const never: Span = { start: Number.NaN, end: Number.NaN };

/** Whether anybody can answer for the territory and the moment. */
export const isAnswerable = ({ territory, at }: Ask): boolean =>
  !Number.isNaN(at.start) && isTerritory(territory);

/** Advertisements asked about as final takes would be allowed by who permitted none. */
function requireOneKind({ use, output }: Asked): void {
  const own = outputOf(use);
  if (own === undefined || output === undefined || own === output) return;
  throw new BacklotError('bad-input', {
    expected: `takes of one kind: ${use} is for ${own} takes`,
    where: 'the use and the kind of takes that were asked for',
    found: `${use} for ${output} takes`,
    remedy: `Ask for generate.${output}, or leave the kind of takes out.`,
  });
}

function askOf(asked: Asked, use: Use): OfAnybody {
  const output = asked.output ?? outputOf(use) ?? outputOf(asked.use) ?? null;
  return {
    use,
    coveredBy: widerUses(use),
    includes: forbiddenBy(use, output),
    territory: asked.territory,
    model: asked.model ?? null,
    trainer: asked.trainer ?? 'in-house',
    output,
    outputCoveredBy: output === null ? [] : widerOutputs(output),
    outputIncludes: output === null ? [] : narrowerOutputs(output),
    asOf: asked.asOf,
    at: momentSchema.safeParse(asked.asOf).success ? spanOf(asked.asOf) : never,
  };
}
