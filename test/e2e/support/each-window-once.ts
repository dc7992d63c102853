import { fileURLToPath } from 'node:url';

const preloaded = fileURLToPath(new URL('remember-encodings.mjs', import.meta.url));

/**
 * What to add to a daemon's environment where the same short recordings come again and again and the encoder is not the
 * point: its engine encodes each of them once. Encoding takes most of a transcription on a CPU; all else is as it always
 * is, and recordings of several windows are encoded each time.
 */
export const eachWindowOnce = {
  NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${preloaded}`,
} as const;
