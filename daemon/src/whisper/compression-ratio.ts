import { deflate } from 'pako';

/**
 * UTF-8 length over zlib length: above 2.4 a text repeats itself (openai/whisper utils.py `compression_ratio`). Node's
 * own zlib has other match finding than Python's, and its lengths are up to a sixth away, on both sides of a threshold.
 */
export function compressionRatio(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return bytes.length / deflate(bytes, { level: 6 }).length;
}
