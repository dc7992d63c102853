import { isAbsolute } from 'node:path';
import type { NativeModel, NativeVoiceActivity } from '@hearth/native';
import type { ModelBatch } from '../../../daemon/src/engine/batch/model-batch.ts';
import { inOrder } from '../../../daemon/src/engine/in-order.ts';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
import type { Vocabulary } from '../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { transcribe } from '../../../daemon/src/whisper/transcribe.ts';
import type { Transcript } from '../../../daemon/src/whisper/transcript.ts';
import type { WhisperModel } from '../../../daemon/src/whisper/whisper-model.ts';
import { native } from './embedded-model.ts';
import { recordingPath } from './recordings.ts';
import { whisperModelOf } from './whisper-model-of.ts';

/** Transcribes a recording by the product's own policy on the real engine. */
export async function transcribeRecording(request: {
  readonly model: NativeModel;
  readonly vocabulary: Vocabulary;
  /** Of the fixtures by name, or any by its absolute path. */
  readonly file: string;
  readonly options?: TranscriptionOptions;
  /** Shared with others; default: one of its own. */
  readonly batch?: ModelBatch;
  readonly batchSize?: number;
  readonly voiceActivity?: NativeVoiceActivity;
  /** Puts something of the test between the policy and the model. */
  readonly wrap?: (model: WhisperModel) => WhisperModel;
}): Promise<Transcript> {
  const { file, vocabulary, options = {}, batchSize = 1, wrap = (model) => model } = request;
  const audio = await native.openAudio({ path: isAbsolute(file) ? file : recordingPath(file) });
  try {
    const steps = transcribe({
      model: wrap(whisperModelOf(request.model, request)),
      vocabulary,
      audio,
      options: resolveOptions(options),
      ...(batchSize > 1 && { runAll: (runs) => inOrder(runs, batchSize) }),
    });
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
    }
  } finally {
    audio.close();
  }
}
