import { describe, expect, it } from 'vitest';
import type { ClipLine } from '../contract/index.ts';
import { manifestOf, parseManifest, sha256 } from './canonical.ts';

const line = (id: string, caption: string): ClipLine => ({
  ...{
    title: 'ttl_a',
    caption,
    id,
    shard: 'shard-00000.u8',
    offset: 0,
    bytes: 313344,
    frames: 17,
    height: 64,
  },
  ...{
    width: 96,
    fps: '12/1',
    captionSource: 'shot_list',
    shot: 'sht_a',
    scene: 'ttl_a/scene-1',
    split: 'train',
  },
});

describe('the manifest', () => {
  it('has the same bytes whatever the order of clips and fields', () => {
    const [a, b] = [line('aa', 'Brinka walks'), line('bb', 'Tollo jumps')];
    const turned = Object.fromEntries(Object.entries(a).reverse()) as ClipLine;
    expect(manifestOf([b, turned])).toBe(manifestOf([a, b]));
  });

  it('is one clip a line, keys sorted, without spaces, letters of any script as they are', () => {
    expect(manifestOf([line('aa', 'Zoë "walks"\n')])).toBe(
      '{"bytes":313344,"caption":"Zoë \\"walks\\"\\n","captionSource":"shot_list","fps":"12/1","frames":17,' +
        '"height":64,"id":"aa","offset":0,"scene":"ttl_a/scene-1","shard":"shard-00000.u8","shot":"sht_a",' +
        '"split":"train","title":"ttl_a","width":96}\n',
    );
  });

  it('reads back as it was, and its digest changes with any word', () => {
    const lines = [line('aa', 'by day'), line('bb', 'by night')];
    expect(parseManifest(manifestOf(lines))).toEqual(lines);
    expect(sha256(manifestOf(lines))).not.toBe(
      sha256(manifestOf([line('aa', 'by dusk'), line('bb', 'by night')])),
    );
  });
});
