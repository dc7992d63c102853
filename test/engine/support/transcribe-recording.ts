import { isAbsolute } from 'node:path';
import type { NativeModel, NativeVoiceActivity } from '@hearth/native';
import { compressedLength } from '../../../daemon/src/engine/compressed-length.ts';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
import { createModelBatch, type ModelBatch } from '../../../daemon/src/whisper/batch/model-batch.ts';
import { createStopwatch } from '../../../daemon/src/whisper/stopwatch.ts';
import type { Vocabulary } from '../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { type TranscribeRequest, transcribe } from '../../../daemon/src/whisper/transcribe.ts';
import type { Transcript } from '../../../daemon/src/whisper/transcript.ts';
import { native } from './embedded-model.ts';
import { recordingPath } from './recordings.ts';

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
  readonly alignmentHeads?: NonNullable<TranscribeRequest['alignmentHeads']>;
}): Promise<Transcript> {
  const { file, model, options = {}, ...rest } = request;
  const audio = await native.openAudio({ path: isAbsolute(file) ? file : recordingPath(file) });
  try {
    const stopwatch = createStopwatch(() => performance.now());
    const steps = transcribe({
      batch: createModelBatch(model, 24),
      ...rest,
      audio,
      options: resolveOptions(options),
      compressedLength,
      stopwatch,
    });
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
    }
  } finally {
    audio.close();
  }
}
