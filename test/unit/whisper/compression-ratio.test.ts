import { expect, test } from '@jest/globals';
import { compressionRatio } from '../../../daemon/src/whisper/compression-ratio.ts';

const sentence =
  'And so my fellow Americans ask not what your country can do for you, ask what you can do for your country.';

// Expected: Python 3.11, len(zlib.compress(text.encode("utf-8"))).
test.each([
  ['', 8],
  [sentence, 79],
  [sentence.repeat(8), 89],
  [' Thank you.'.repeat(40), 24],
  ['こんにちは、世界。', 38],
])('%j compresses to %d bytes, as in Python', (text, length) => {
  expect(compressionRatio(text)).toBe(new TextEncoder().encode(text).length / length);
});
