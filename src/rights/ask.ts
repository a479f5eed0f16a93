import { momentSchema } from './ledger-schema.ts';
import { type Span, spanOf } from './moments.ts';
import { requireRules } from './rule-version.ts';
import { isTerritory } from './territories.ts';
import {
  includedIn,
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
  /** The party that the training or the take targets: makes it a replica. */
  performer?: string | undefined;
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

/** The question of `readAsks` that is about the performer where one is named. @throws BacklotError `other-rules` */
export function readAsk(asked: Asked): Ask {
  requireRules(asked.ruleVersion);
  const uses = usesFor(asked.use, asked.performer);
  return askOf(asked, uses.at(-1) ?? asked.use, asked.performer ?? null);
}

/**
 * Questions that must all be answered with yes: one for each thing that is done, the performer's own last.
 * @throws BacklotError `other-rules`
 */
export function readAsks(asked: Asked): Ask[] {
  const others = usesFor(asked.use, asked.performer).slice(0, -1);
  return [...others.map((use) => askOf(asked, use, null)), readAsk(asked)];
}

/** Of a text that is no moment: an instant without a zone is another one on each machine. */
const never: Span = { start: Number.NaN, end: Number.NaN };

/** Whether anybody can answer for the territory and the moment. */
export const isAnswerable = ({ territory, at }: Ask): boolean =>
  !Number.isNaN(at.start) && isTerritory(territory);

function askOf(asked: Asked, use: Use, performer: string | null): Ask {
  const output = asked.output ?? outputOf(use) ?? null;
  return {
    use,
    coveredBy: widerUses(use),
    includes: includedIn(use),
    territory: asked.territory,
    model: asked.model ?? null,
    trainer: asked.trainer ?? 'in-house',
    output,
    outputCoveredBy: output === null ? [] : widerOutputs(output),
    outputIncludes: output === null ? [] : narrowerOutputs(output),
    asOf: asked.asOf,
    at: momentSchema.safeParse(asked.asOf).success ? spanOf(asked.asOf) : never,
    performer,
  };
}
