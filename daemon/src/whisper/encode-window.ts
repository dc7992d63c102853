import type { Cancellation, NativeAudio, NativeEncoding, NativeModel } from '@hearth/native';
import type { Window } from './segments/window.ts';

/** Log-mel and encoder of one window: the only encoder pass that the window gets. */
export async function encodeWindow(
  request: {
    readonly model: NativeModel;
    readonly audio: NativeAudio;
    readonly cancellation?: Cancellation;
  },
  window: Window,
): Promise<NativeEncoding> {
  const { model, audio } = request;
  const cancellation = request.cancellation && { cancellation: request.cancellation };
  const mel = await model.logMel({
    audio,
    startFrame: window.seekFrames,
    frameCount: window.contentFrames,
    ...cancellation,
  });
  try {
    return await model.encode({ mels: [mel], ...cancellation });
  } finally {
    mel.close();
  }
}
