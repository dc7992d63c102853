/** The embedded model, which works with nothing downloaded and nothing configured. */
export const defaultModelName = 'whisper-base-4bit';
