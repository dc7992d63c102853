import { framesPerSecond, framesPerWindow } from '../segments/window.ts';

/** In a shorter window tiny models say everything twice. */
const shortestFrames = 12 * framesPerSecond;
/** Silence behind the sound. With less of it a text ends early now and then, and is likely all the same. */
const marginFrames = 4 * framesPerSecond;
/** A device prepares itself for each length once. */
const stepFrames = 2 * framesPerSecond;

/** How many frames are encoded of a window with so many frames of sound: 30 s of them at most. */
export function shortWindowFrames(contentFrames: number): number {
  const wanted = Math.max(shortestFrames, contentFrames + marginFrames);
  return Math.min(framesPerWindow, Math.ceil(wanted / stepFrames) * stepFrames);
}

/** Every length that is shorter than a window. */
export const shortWindowLengths: readonly number[] = Array.from(
  { length: (framesPerWindow - shortestFrames) / stepFrames },
  (_, step) => shortestFrames + step * stepFrames,
);
