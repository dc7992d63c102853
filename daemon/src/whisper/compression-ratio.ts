/**
 * UTF-8 length over zlib length: above 2.4 a text repeats itself (openai/whisper utils.py `compression_ratio`).
 * `compressedLength` gives the length that Python's zlib makes of the bytes.
 */
export function compressionRatio(text: string, compressedLength: (bytes: Uint8Array) => number): number {
  const bytes = new TextEncoder().encode(text);
  return bytes.length / compressedLength(bytes);
}
