/** Root mean square of the difference over that of what was expected. */
export function relativeError(actual: Float32Array | Float64Array, expected: Float32Array | Float64Array): number {
  if (actual.length !== expected.length) throw new Error(`Expected ${expected.length} values, got ${actual.length}.`);
  let difference = 0;
  let size = 0;
  for (const [i, value] of expected.entries()) {
    difference += ((actual[i] as number) - value) ** 2;
    size += value ** 2;
  }
  return Math.sqrt(difference / size);
}

export function largestDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) throw new Error(`Expected ${expected.length} values, got ${actual.length}.`);
  let largest = 0;
  for (const [i, value] of expected.entries()) largest = Math.max(largest, Math.abs((actual[i] as number) - value));
  return largest;
}
