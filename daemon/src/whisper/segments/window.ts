/** Samples at 16 kHz of a mel frame. */
export const samplesPerFrame = 160;
export const framesPerSecond = 100;
export const framesPerWindow = 3000;
export const secondsPerWindow = framesPerWindow / framesPerSecond;
/** Mel frames of one audio position, and so of one timestamp token. */
export const framesPerTimestamp = 2;
export const secondsPerTimestamp = 0.02;

/** Those of 30 s, and three more that hear its last samples. */
const framesThatHearWindow = framesPerWindow + 3;
const halfSpectrumSamples = 200;

/** How many samples have to be decoded before a window is encoded that is normalised by itself, unless there are fewer. */
export function samplesForWindow(startFrame: number): number {
  return (startFrame + framesThatHearWindow) * samplesPerFrame + halfSpectrumSamples;
}

/** The part of the recording that one encoder pass hears, in frames of 10 ms. */
export interface Window {
  readonly seekFrames: number;
  readonly contentFrames: number;
  /** The window ends where nobody speaks: a text that is not closed by a timestamp is still whole. */
  readonly endsInPause?: boolean;
  /** Someone speaks until then: no text ends before, and what is said later is negligible. The rest is not heard again. */
  readonly speechUntilFrames?: number;
}

/** A part of the recording that is transcribed, in frames of 10 ms. */
export interface Clip {
  readonly startFrames: number;
  readonly endFrames: number;
  /** It was cut where nobody speaks. */
  readonly endsInPause?: boolean;
  /** As in its last window. */
  readonly speechUntilFrames?: number;
}

/** Parts to transcribe as frame ranges; the last end defaults to the recording's (transcribe.py `seek_clips`). */
export function clipRanges(clipTimestamps: readonly number[], contentFrames: number): Clip[] {
  const points = clipTimestamps.map((seconds) => Math.round(seconds * framesPerSecond));
  if (points.length === 0) points.push(0);
  if (points.length % 2 === 1) points.push(contentFrames);
  const ranges: Clip[] = [];
  for (let i = 0; i < points.length; i += 2) {
    ranges.push({ startFrames: points[i] as number, endFrames: Math.min(points[i + 1] as number, contentFrames) });
  }
  return ranges;
}
