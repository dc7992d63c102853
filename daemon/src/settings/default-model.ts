/** The model in the repository, available immediately and everywhere. */
export const embeddedModelName = 'whisper-base-4bit';

/** The default model on a Mac once it is downloaded: OpenAI's large-v3-turbo in 4 bits. Its commit is in the catalogue. */
export const recommendedModelName = 'mlx-community/whisper-large-v3-turbo-asr-4bit';

/** A GPU transcribes faster than people speak even with a large model. A CPU does not. */
export function defaultModelName(platform: NodeJS.Platform = process.platform): string {
  return platform === 'darwin' ? recommendedModelName : embeddedModelName;
}
