/** The part of smpte-timecode that Backlot uses; the package ships no types. */
declare module 'smpte-timecode' {
  export default class Timecode {
    constructor(timecode: number | string, rate: readonly [number, number], dropFrame: boolean);
    readonly frameCount: number;
    toString(): string;
  }
}
