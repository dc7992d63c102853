/** The limit for one name on common file systems. */
const longestNameBytes = 255;

/** A file name: `stem`, cut between two characters to the limit of file systems, then the whole `ending`. */
export function fileName(stem: string, ending: string): string {
  return cutToBytes(stem, longestNameBytes - Buffer.byteLength(ending)) + ending;
}

/**
 * A name for each stem, in order. Names that are equal but for capitals, or once they are cut, get a number: on many disks the
 * second file would replace the first.
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

/** The longest start of `text` that takes at most `byteCount` bytes and ends with a whole character. */
export function cutToBytes(text: string, byteCount: number): string {
  if (Buffer.byteLength(text) <= byteCount) return text;
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let cut = '';
  let left = byteCount;
  for (const { segment } of graphemes.segment(text)) {
    left -= Buffer.byteLength(segment);
    if (left < 0) break;
    cut += segment;
  }
  return cut.trimEnd();
}

/** The name as a disk compares it that ignores capitals and how accents are composed. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
