import { fileURLToPath } from 'node:url';
import { type LoadModelRequest, loadNative, type NativeEncoding, type NativeModel } from '@hearth/native';
import { recordingPath } from './recordings.ts';
import { readVocabulary } from './vocabulary.ts';

export const native = loadNative();
export const multilingual = readVocabulary('multilingual', 51865);

export function loadEmbeddedModel(request: Omit<LoadModelRequest, 'folder'> = {}): Promise<NativeModel> {
  const folder = fileURLToPath(new URL('../../../assets/models/whisper-base-4bit', import.meta.url));
  return native.loadModel({ folder, ...request });
}

/** Encodes one window of a recording each; `frameCount` 3000 takes in the silence after a short one. */
export async function encodeWindows(
  model: NativeModel,
  windows: readonly { readonly file: string; readonly startFrame?: number; readonly frameCount: number }[],
): Promise<NativeEncoding> {
  const mels = [];
  for (const { file, startFrame = 0, frameCount } of windows) {
    const audio = await native.openAudio({ path: recordingPath(file) });
    mels.push(await model.logMel({ audio, startFrame, frameCount }));
    audio.close();
  }
  try {
    return await model.encode({ mels });
  } finally {
    for (const mel of mels) mel.close();
  }
}
