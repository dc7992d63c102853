/**
 * For each of the second words the place of the one that it is in the first, by their longest common subsequence; -1 where
 * it is none of them.
 */
export function alignWords(first: readonly string[], second: readonly string[]): readonly number[] {
  const lengths = commonLengths(first, second);
  const places = second.map(() => -1);
  let [i, j] = [0, 0];
  while (i < first.length && j < second.length) {
    if (first[i] === second[j]) {
      places[j] = i;
      i += 1;
      j += 1;
    } else if (lengthAt(lengths, i + 1, j) >= lengthAt(lengths, i, j + 1)) i += 1;
    else j += 1;
  }
  return places;
}

/** For each pair of places, how many words the rests of both lists have in common. */
function commonLengths(first: readonly string[], second: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: first.length + 1 }, () => new Array<number>(second.length + 1).fill(0));
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      const longest = Math.max(lengthAt(lengths, i + 1, j), lengthAt(lengths, i, j + 1));
      (lengths[i] as number[])[j] = first[i] === second[j] ? lengthAt(lengths, i + 1, j + 1) + 1 : longest;
    }
  }
  return lengths;
}

function lengthAt(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}
