import { fileURLToPath } from 'node:url';
import { createNative, type NativeEncoding, type NativeMel, type NativeModel } from '@hearth/native';
import { type ForcedLoadModelRequest, loadModelForced, readMel } from '@hearth/native/testing';
import { recordingPath } from './recordings.ts';
import { readVocabulary } from './vocabulary.ts';

export const native = createNative();
export const multilingual = readVocabulary('multilingual', 51865);

export function loadEmbeddedModel(request: Omit<ForcedLoadModelRequest, 'folder'> = {}): Promise<NativeModel> {
  const folder = fileURLToPath(new URL('../../../assets/models/whisper-base-4bit', import.meta.url));
  return loadModelForced({ folder, ...request });
}

/** Frames of one recording; `frameCount` 3000 takes in the silence after a short one. */
export interface RecordingWindow {
  readonly file: string;
  readonly startFrame?: number;
  readonly frameCount: number;
}

/** Row-major `[melBins, 3000]`. */
export async function readMelWindow(model: NativeModel, window: RecordingWindow): Promise<Float32Array> {
  const mel = await logMel(model, window);
  try {
    return readMel(mel);
  } finally {
    mel.close();
  }
}

/** An encoding of each window. */
export async function encodeWindows(
  model: NativeModel,
  windows: readonly RecordingWindow[],
): Promise<readonly NativeEncoding[]> {
  const mels: NativeMel[] = [];
  try {
    for (const window of windows) mels.push(await logMel(model, window));
    return await model.encode({ mels });
  } finally {
    for (const mel of mels) mel.close();
  }
}

export async function encodeWindow(model: NativeModel, window: RecordingWindow): Promise<NativeEncoding> {
  return (await encodeWindows(model, [window]))[0] as NativeEncoding;
}

async function logMel(model: NativeModel, { file, startFrame = 0, frameCount }: RecordingWindow): Promise<NativeMel> {
  const audio = await native.openAudio({ path: recordingPath(file) });
  try {
    return await model.logMel({ audio, startFrame, frameCount });
  } finally {
    audio.close();
  }
}
