/** Mean grey level below which a shot reads as dark, and above which as bright. */
const dark = 60;
const bright = 140;

/** How light a shot is, in a word, as measured. */
export function lightOf(luma: number): 'dark' | 'medium-lit' | 'bright' {
  if (luma < dark) return 'dark';
  return luma > bright ? 'bright' : 'medium-lit';
}
