import { isAbsolute } from 'node:path';
import type { NativeModel, NativeVoiceActivity } from '@hearth/native';
import type { Dictionary } from '../../../daemon/src/dictionary/create-dictionary.ts';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
import type { Vocabulary } from '../../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { transcribe } from '../../../daemon/src/whisper/transcribe.ts';
import type { Transcript } from '../../../daemon/src/whisper/transcript.ts';
import type { WhisperModel } from '../../../daemon/src/whisper/whisper-model.ts';
import { native, sessionOf } from './embedded-model.ts';
import { recordingPath } from './recordings.ts';

/** Transcribes a recording by the product's own policy on the real engine. */
export async function transcribeRecording(request: {
  readonly model: NativeModel;
  readonly vocabulary: Vocabulary;
  /** Of the fixtures by name, or any by its absolute path. */
  readonly file: string;
  readonly options?: TranscriptionOptions;
  readonly batchSize?: number;
  readonly voiceActivity?: NativeVoiceActivity;
  readonly dictionary?: Dictionary;
  /** What the policy asks in the place of the session. */
  readonly wrap?: (session: WhisperModel) => WhisperModel;
}): Promise<Transcript> {
  const { file, model, vocabulary, options = {}, batchSize = 1, wrap, dictionary } = request;
  const audio = await native.openAudio({ path: isAbsolute(file) ? file : recordingPath(file) });
  const session = sessionOf(model, request.voiceActivity);
  try {
    const steps = transcribe({
      model: wrap === undefined ? session : wrap(session),
      vocabulary,
      audio,
      options: resolveOptions(options),
      windowsAtATime: batchSize,
      dictionary,
    });
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
    }
  } finally {
    session.close();
    audio.close();
  }
}
