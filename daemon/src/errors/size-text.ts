/** A number of bytes for people: `463 MB`, `2.9 GB`. What is needed is rounded up, what is there down. */
export function sizeText(byteCount: number, round: (value: number) => number = Math.round): string {
  return byteCount < 1e9 ? `${round(byteCount / 1e6)} MB` : `${(round(byteCount / 1e8) / 10).toFixed(1)} GB`;
}
