import type { Context } from '../jobs/index.ts';
import { type Asked, isNamed } from './ask.ts';
import { assumedShots } from './assumed.ts';
import { basisOf, decideHoldings, type Holdings, holdingsOf } from './bulk.ts';
import { creditsBy } from './credits.ts';
import { matchTitle, namedOf, names } from './match.ts';
import { minutesByShot } from './minutes.ts';
import { outcomes, rules } from './rules.ts';
import type { Ledger, RightsCheck, ShotDecision } from './schema.ts';
import { unplacedWords } from './unplaced-words.ts';
import { makesReplica } from './uses.ts';

/** Counts what the rights allow and refuse, in shots and minutes of film. */
export async function checkRights(context: Pick<Context, 'db'>, ask: Asked): Promise<RightsCheck> {
  const holdings = await holdingsOf(context);
  const decisions = decideHoldings(holdings, ask);
  const minutes = minutesByShot(holdings);
  const count = (chosen: readonly ShotDecision[]) => ({
    shots: chosen.length,
    minutes: chosen.reduce((sum, { shotId }) => sum + (minutes.get(shotId) ?? 0), 0),
  });
  const where = (test: (decision: ShotDecision) => boolean) => count(decisions.filter(test));
  return {
    ...basisOf(holdings, ask),
    ...count(decisions),
    outcomes: outcomes.map((outcome) => ({ outcome, ...where((d) => d.outcome === outcome) })),
    reasons: rules
      .map(({ rule }) => ({ rule, ...where((d) => d.reasons[0]?.rule === rule) }))
      .filter(({ shots }) => shots > 0),
    assumptions: [...assumedShots(decisions)].map(([assumption, shots]) => ({ assumption, ...count(shots) })),
    notices: holdings.ledger
      ? [
          ...strangers(holdings.ledger.document, ask),
          ...ofNobody(ask),
          ...noticesOf(holdings.ledger.document, holdings),
          ...(await unanswered(context, holdings)),
        ]
      : ['no rights ledger is imported'],
  };
}

/** Nothing says whether a cast is complete: names in credits may belong to it. */
async function unanswered(context: Pick<Context, 'db'>, { ledger }: Holdings): Promise<string[]> {
  const open = (await creditsBy(context, ledger)).filter(({ state }) => state === 'open').length;
  return open === 0 ? [] : [`${open} names read in credits wait for an answer: rights credits`];
}

/** A performer whose name is typed wrong has agreed to nothing: every shot waits, and this says why. */
const strangers = ({ parties }: Ledger, { performers = [] }: Asked): string[] =>
  performers
    .filter((performer) => !parties.some(({ id }) => id === performer))
    .map(
      (performer) =>
        `no party of the ledger is called ${performer}: nothing passes that targets somebody unknown`,
    );

/** A replica is of somebody: without a name only shots pass that say whom. */
const ofNobody = (asked: Asked): string[] =>
  isNamed(asked) || !makesReplica(asked.use)
    ? []
    : [
        `${asked.use} makes a replica of somebody: without --performer, shots wait in which nobody is confirmed as seen`,
      ];

/** What the ledger and the catalogue say past each other: none of it is dropped silently. */
function noticesOf(ledger: Ledger, holdings: Holdings): string[] {
  const named = holdings.files.map(namedOf);
  const orphans = named.flatMap((file) => {
    const match = matchTitle(ledger, file, named);
    return 'unknown' in match ? [`${file.name} is unknown: ${match.unknown}`] : [];
  });
  const absent = ledger.titles.flatMap((title) =>
    title.files
      .filter((written) => !named.some((file) => names(written, file)))
      .map((written) => `titles/${title.id}: ${written} is not catalogued`),
  );
  return [...orphans, ...absent, ...unplacedWords(ledger, holdings), ...unread(holdings)];
}

/** Files that were catalogued before anybody looked for what they say about training. */
function unread({ files }: Holdings): string[] {
  const old = files.filter(({ facts }) => facts.marks === null);
  if (old.length === 0) return [];
  return [
    `${old.length} files were catalogued before their own word on training was read: give them to catalog add again`,
  ];
}
