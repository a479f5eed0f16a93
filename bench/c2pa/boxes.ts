/** A box at the top of an MP4 file. */
export interface Box {
  name: string;
  offset: number;
  bytes: number;
}

/** Top-level boxes in order (ISO 14496-12). */
export function boxesOf(content: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let offset = 0; offset + 8 <= content.length; ) {
    const short = content.readUInt32BE(offset);
    const bytes =
      short === 1 ? Number(content.readBigUInt64BE(offset + 8)) : short || content.length - offset;
    boxes.push({ name: content.toString('latin1', offset + 4, offset + 8), offset, bytes });
    offset += bytes;
  }
  return boxes;
}

/** Boxes that the signer leaves out of the hash of a file; `uuid` is that of the manifest. */
const unhashed = ['uuid', 'ftyp', 'mfra', 'free', 'skip'];

export const isHashed = ({ name }: Box): boolean => !unhashed.includes(name);
