import type { PictureFacts } from './probe.ts';
import type { FieldsFirst, Pulldown } from './pulldown.ts';

export interface Crop {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface DecodeOptions {
  /** Size of the frames that come out. */
  width: number;
  height: number;
  pixelFormat: 'rgb24' | 'gray';
  /** Cut out first, in pixels of the decoded picture (`PictureFacts.width` x `height`, rotation applied). */
  crop?: Crop | undefined;
  /** First frame wanted, 0-based. */
  from?: number | undefined;
  /** First frame no longer wanted. */
  to?: number | undefined;
  /** The frames wanted, rising, in place of `from` and `to`: only they are cropped and scaled. */
  only?: readonly number[] | undefined;
  /**
   * Fills in the other field (bwdif), one frame out for each in: indexes hold. `true`: of frames marked as interlaced; an
   * order of fields: of all frames, for films that do not say what they are.
   */
  deinterlace?: boolean | FieldsFirst | undefined;
  /** Undoes 3:2 pulldown, in place of deinterlacing; indexes hold, one frame of five repeats. */
  pulldown?: Pulldown | undefined;
  /** Shows HDR (PQ, HLG) and wide colours in BT.709's range; without it, their code values come out as they are. */
  toneMap?: boolean | undefined;
  /** Standard deviation of a Gaussian blur of the frames that come out, in their pixels (default: none). */
  soften?: number | undefined;
  /**
   * Quicker, for frames made much smaller: the edges of blocks stay in frames made from two others (at 64 x 36 of two
   * 720p films .2 grey levels, in no frame more than 1.1), and lines are left out as long as each that comes out still is the mean of four or more.
   * H.264 is decoded by few threads (`fewThreads`).
   */
  rough?: boolean | undefined;
  /** The bytes are lent: the next frame takes their place. For who looks at each frame once. */
  lent?: boolean | undefined;
  /** What `probe` found, where that was asked before: to start a program takes a tenth of a second. */
  video?: PictureFacts | undefined;
  signal?: AbortSignal | undefined;
}
