import type { NativeEncoding, NativeModel, NativeVoiceActivity } from '@hearth/native';
import { createModelBatch, type ModelBatch } from '../../../daemon/src/engine/batch/model-batch.ts';
import { createStopwatch } from '../../../daemon/src/engine/stopwatch.ts';
import type { WhisperModel } from '../../../daemon/src/whisper/whisper-model.ts';
import { native } from './embedded-model.ts';
import { recordingPath } from './recordings.ts';

/** A model as the product's policy sees it; in a batch of its own unless it shares one. */
export function whisperModelOf(
  model: NativeModel,
  shared: { readonly batch?: ModelBatch; readonly voiceActivity?: NativeVoiceActivity } = {},
): WhisperModel {
  const { batch = createModelBatch(model, 24), voiceActivity = null } = shared;
  const stopwatch = createStopwatch(() => performance.now());
  return batch.modelFor({ priority: 'interactive', stopwatch, voiceActivity });
}

/** The first frames of a recording, encoded as the policy has them encoded: a batch waits only for windows of its own. */
export async function encodeStart(
  model: WhisperModel,
  { file, frameCount }: { readonly file: string; readonly frameCount: number },
): Promise<NativeEncoding> {
  const audio = await native.openAudio({ path: recordingPath(file) });
  try {
    return await model.encode({ audio, startFrame: 0, frameCount });
  } finally {
    audio.close();
  }
}
