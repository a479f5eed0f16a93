import { expect, it } from 'vitest';
import { keptWords } from './kept.ts';

const options = { frames: 17, height: 64, width: 96, fps: '12' };

it('before a training it is said which clips are kept, and what was left out with its reasons', () => {
  const words = keptWords({
    ...{ options, clips: { train: 142, heldout: 40 } },
    rights: {
      outcomes: { ALLOW: 61, NEEDS_ACTION: 20, EXCLUDE: 16 },
      reasons: { 'grant-ended': 16, 'no-row': 20 },
    },
    skipped: { shots: { too_short: 2 }, clips: { duplicate: 5 } },
  });
  expect(words).toContain('Of 17 frames of 64 x 96 at 12: 142 clips to learn from, 40 held out.');
  expect(words).toContain('36 shots that the rights do not allow');
  for (const reason of ['16', 'no-row', 'too_short', 'duplicate']) expect(words).toContain(reason);
});

it('where all became clips it says that nothing was left out', () => {
  const nothing = { shots: {}, clips: {} };
  const rights = { outcomes: { ALLOW: 3 }, reasons: {} };
  expect(keptWords({ options, clips: { train: 3, heldout: 1 }, rights, skipped: nothing })).toMatch(
    /: nothing\.$/,
  );
});
