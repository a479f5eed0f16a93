/** Takes on a sheet where nobody says which: each costs about a quarter of a second of the processor on the shipped base. */
const TAKES = 2;

/** What is known of a clip here. */
interface Said {
  split: string;
  caption: string;
}

/**
 * Captions to draw at each checkpoint: those asked for, else what clips held out say, then what others do. Where clips say
 * nothing it is one take without words, which shows what the model has learned of their pictures.
 */
export function sheetCaptions(asked: readonly string[], clips: readonly Said[]): string[] {
  if (asked.length > 0) return [...asked];
  const heldoutFirst = [...clips].sort(
    (a, b) => Number(b.split === 'heldout') - Number(a.split === 'heldout'),
  );
  const said = new Set(heldoutFirst.map(({ caption }) => caption.trim()).filter((caption) => caption !== ''));
  return said.size > 0 ? [...said].slice(0, TAKES) : [''];
}
