/** Rounds to whole milliseconds, half to even, like Python's `round`. */
export function toMilliseconds(seconds: number): number {
  const milliseconds = seconds * 1000;
  const rounded = Math.round(milliseconds);
  const isHalf = rounded - milliseconds === 0.5;
  return isHalf && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
