/** What every file system that people use allows for one name. */
const longestNameBytes = 255;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A name of a file: `stem`, cut between two characters to what file systems take, then `ending` in full. */
export function fileName(stem: string, ending: string): string {
  return cutToBytes(stem, longestNameBytes - Buffer.byteLength(ending)) + ending;
}

/**
 * A name for each stem, in order. Two that are the same but for capitals, or once they are cut, are told apart by a number:
 * on many disks the second would replace the first.
 */
export function fileNames(stems: readonly string[], ending: string): readonly string[] {
  const taken = new Set<string>();
  return stems.map((stem) => {
    let name = fileName(stem, ending);
    for (let number = 2; taken.has(folded(name)); number++) name = fileName(stem, ` ${number}${ending}`);
    taken.add(folded(name));
    return name;
  });
}

/** The longest beginning of `text` that takes at most `byteCount` bytes and ends with a whole character. */
export function cutToBytes(text: string, byteCount: number): string {
  if (Buffer.byteLength(text) <= byteCount) return text;
  let cut = '';
  let left = byteCount;
  for (const { segment } of graphemes.segment(text)) {
    left -= Buffer.byteLength(segment);
    if (left < 0) break;
    cut += segment;
  }
  return cut.trimEnd();
}

/** As a disk compares names that heeds neither capitals nor how an accent is composed. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
