/** The model in the repository, available immediately and everywhere. */
export const embeddedModelName = 'whisper-base-4bit';

/** A repository at a commit that was checked, with the hash of its weights. */
export interface PinnedModel {
  readonly repository: string;
  readonly revision: string;
  readonly weightsSha256: string;
}

/** The default model on a Mac once it is downloaded: OpenAI's large-v3-turbo in 4 bits, 463 MB. */
export const recommendedModel: PinnedModel = {
  repository: 'mlx-community/whisper-large-v3-turbo-asr-4bit',
  revision: '321a6ead9f6e0646bc8188a54d2a470e275c6b76',
  weightsSha256: '45298f6dc48df8c11e0a8d1dc5e0197c688bfa530646fa21f1a0238d2b0ecda3',
};

/** A GPU transcribes faster than people speak even with a large model. A CPU does not. */
export function defaultModelName(platform: NodeJS.Platform = process.platform): string {
  return platform === 'darwin' ? recommendedModel.repository : embeddedModelName;
}
