import { originWords } from './origin-words.ts';
import type { Card } from './schema.ts';

/** A card as a page of Markdown. */
export function cardWords(card: Card): string {
  const { model, base } = card;
  const based = base ? `of base ${base.name} (sha256 ${base.sha256})` : 'of no base that is known here';
  const parts = [
    `# ${model.name}`,
    `${model.kind} ${model.id}, ${based}.\nsha256 of its folder: ${model.sha256}.`,
    ...['## Learned from', learnedFrom(card)],
    ...['## Rights', rightsNote(card)],
    ...['## Recipe', recipeLines(card)],
    ...['## Losses', lossLine(card)],
  ];
  return `${parts.join('\n\n')}\n`;
}

function learnedFrom({ dataset, origin }: Card): string {
  if (!dataset && origin) return `It ${originWords(origin)}.`;
  if (!dataset) return 'Not known here: it was trained outside this workspace.';
  const { id, digest, clips, titles } = dataset;
  const counts = `${clips.train} clips to learn from, ${clips.heldout} held out`;
  const lines = titles.map(({ name, clips: count }) => `- ${name}: ${count} clips`);
  return [`Dataset ${id}, digest ${digest}: ${counts}.`, ...lines].join('\n');
}

function rightsNote({ rights, origin }: Card): string {
  if (!rights && origin)
    return `As far as its licence reaches, by that word: ${origin.licence}. This is not legal advice.`;
  if (!rights) return 'Not known here. Do not use its takes before you know what it was trained on.';
  const { use, territory, asOf, ledger } = rights;
  return [
    `Cleared for ${use} in ${territory} as of ${asOf} by ${ledger ? `ledger ${ledger}` : 'no ledger'}.`,
    'The weights may be used as far as those grants and consents reach, and no further; what is withdrawn from the',
    'titles is withdrawn from them too. The base keeps its own licence, which its card names. This is not legal advice.',
  ].join('\n');
}

function recipeLines({ recipe }: Card): string {
  if (!recipe) return 'Not known here.';
  return Object.entries(recipe)
    .map(([name, value]) => `- ${name}: ${JSON.stringify(value)}`)
    .join('\n');
}

function lossLine({ losses }: Card): string {
  const shown = (value: number | null | undefined) => value?.toFixed(4) ?? 'not measured';
  return [
    `Mean squared error of the velocity. Training, mean of the last steps: ${shown(losses?.training)}.`,
    `Held out (scenes that training never saw, at four fixed times with fixed noise): ${shown(losses?.heldout)}.`,
  ].join('\n');
}
