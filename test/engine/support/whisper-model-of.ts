import type { NativeModel, NativeVoiceActivity } from '@hearth/native';
import { createModelBatch, type ModelBatch } from '../../../daemon/src/engine/batch/model-batch.ts';
import { createStopwatch } from '../../../daemon/src/engine/stopwatch.ts';
import type { WhisperModel } from '../../../daemon/src/whisper/whisper-model.ts';

/** A model as the product's policy sees it; in a batch of its own unless it shares one. */
export function whisperModelOf(
  model: NativeModel,
  shared: { readonly batch?: ModelBatch; readonly voiceActivity?: NativeVoiceActivity } = {},
): WhisperModel {
  const { batch = createModelBatch(model, 24), voiceActivity = null } = shared;
  const stopwatch = createStopwatch(() => performance.now());
  return batch.modelFor({ priority: 'interactive', stopwatch, voiceActivity });
}
