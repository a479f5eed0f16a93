import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withStillFiles } from './still-files.ts';

it('a still that was written in part is refused, and not filled up with the one before', async () => {
  const size = { width: 4, height: 2 };
  const read = withStillFiles(
    size,
    size,
    () => {},
    async (files) => {
      const patterns = files.arguments().filter((one) => one.endsWith('-%d'));
      for (const pattern of patterns) writeFileSync(pattern.replace('file:', '').replace('%d', '1'), 'xx');
      files.takeNumbers(Buffer.from('frame:0    pts:0       pts_time:0\n'));
    },
  );
  await expect(read).rejects.toMatchObject({
    code: 'frame-torn',
    facts: { expected: '12 bytes', found: '2' },
  });
});
