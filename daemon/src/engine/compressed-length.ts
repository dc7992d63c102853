import { deflate } from 'pako';

/**
 * Length of what Python's `zlib.compress` makes of the bytes (openai/whisper utils.py `compression_ratio`). Node's own
 * zlib has other match finding, and its lengths are up to a sixth away, on both sides of a fallback threshold.
 */
export function compressedLength(bytes: Uint8Array): number {
  return deflate(bytes, { level: 6 }).length;
}
