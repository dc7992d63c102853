import {
  createNative,
  type NativeAudio,
  type NativeEncoding,
  type NativeModel,
  type NativeSession,
  type NativeVoiceActivity,
} from '@hearth/native';
import { type ForcedLoadModelRequest, loadModelForced, readLogMel } from '@hearth/native/testing';
import { embeddedModelFolder } from '../fork-engine.ts';
import { recordingPath } from './recordings.ts';
import { type RememberingModel, rememberEncodings } from './remember-encodings.ts';
import { readVocabulary } from './vocabulary.ts';

const fullFrames = 3000;
export const native = createNative();
export const multilingual = readVocabulary('multilingual', 51865);

/** The embedded model, which encodes each window once in all files of a run, for tests where the encoder is not the point. */
export async function loadRememberingModel(): Promise<RememberingModel> {
  return rememberEncodings(await loadEmbeddedModel(), { folder: embeddedModelFolder });
}

/** In float32, as the answers that it is held against; a CPU always computes so. */
export function loadEmbeddedModel(request: Omit<ForcedLoadModelRequest, 'folder'> = {}): Promise<NativeModel> {
  return loadModelForced({ folder: embeddedModelFolder, float32: true, ...request });
}

/** An interactive session that nobody cancels. */
export function sessionOf(model: NativeModel, voiceActivity: NativeVoiceActivity | null = null): NativeSession {
  return model.session({ priority: 'interactive', voiceActivity });
}

/** Frames of one recording; `frameCount` 3000 takes in the silence after a short one. */
export interface RecordingWindow {
  readonly file: string;
  readonly startFrame?: number;
  readonly frameCount: number;
  /** Default: 3000. */
  readonly windowFrames?: number;
}

/** Row-major `[melBins, windowFrames]`. */
export async function readMelWindow(model: NativeModel, window: RecordingWindow): Promise<Float32Array> {
  const mel = await withAudio(window, (audio, startFrame) =>
    readLogMel({ model, audio, startFrame, frameCount: window.frameCount }),
  );
  const { windowFrames = fullFrames } = window;
  return windowFrames === fullFrames ? mel : mel.filter((_, i) => i % fullFrames < windowFrames);
}

/** An encoding of each window. */
export function encodeWindows(
  model: NativeModel,
  windows: readonly RecordingWindow[],
): Promise<readonly NativeEncoding[]> {
  return Promise.all(windows.map((window) => encodeWindow(model, window)));
}

export function encodeWindow(model: NativeModel, window: RecordingWindow): Promise<NativeEncoding> {
  return withAudio(window, async (audio, startFrame) => {
    const session = sessionOf(model);
    try {
      const { frameCount, windowFrames } = window;
      return await session.encode({
        audio,
        startFrame,
        frameCount,
        ...(windowFrames !== undefined && { windowFrames }),
      });
    } finally {
      session.close();
    }
  });
}

/** Whole frames of sound in a recording's first window. */
export function countSoundFrames(file: string): Promise<number> {
  return withAudio({ file }, async ({ sampleCount }) => Math.min(3000, Math.floor(sampleCount / 160)));
}

async function withAudio<Result>(
  { file, startFrame = 0 }: Pick<RecordingWindow, 'file' | 'startFrame'>,
  work: (audio: NativeAudio, startFrame: number) => Promise<Result>,
): Promise<Result> {
  const audio = await native.openAudio({ path: recordingPath(file) });
  try {
    return await work(audio, startFrame);
  } finally {
    audio.close();
  }
}
