/** A frame that decoding is to begin at, in place of the film's first. */
export interface Seek {
  /** 0-based frame of the film. */
  frame: number;
  /** Timestamp of the frame `seekLead` before it as `checkDecode` gives it, in ticks of the stream. */
  pts: number;
  /** Where ffmpeg is sent, seconds from the container's start: it goes to a keyframe at or before it. */
  seconds: number;
}

/** Frames decoded before the one that is wanted: filters that look at neighbours find them. */
export const seekLead = 4;

/** Timestamps count from the container's start, as they do where nothing is sought. */
const asEver = ['-copyts', '-start_at_zero'] as const;

/** What stands before the input. Frames before come too: `fromFilter` leaves out those before the lead. */
export const seekArguments = (seek: Pick<Seek, 'seconds'> | undefined): string[] =>
  seek ? ['-noaccurate_seek', '-ss', seek.seconds.toFixed(6), ...asEver] : [];

export const fromFilter = (seek: Seek | undefined): string[] =>
  seek ? [`select='gte(pts,${seek.pts})'`] : [];

/** Leaves out the lead, behind the filters that need it. */
export const leadFilter = (seek: Seek | undefined): string[] => (seek ? [`select='gte(n,${seekLead})'`] : []);

/** The frame of the film that the first filter sees first. */
export const firstSeen = (seek: Seek | undefined): number => (seek ? seek.frame - seekLead : 0);
