import type { Daemon } from '../../client/request.ts';
import { transcribeLiveSteadily } from '../../client/steady-live.ts';
import type { AnswerOptions } from '../../protocol/options/answer-option-table.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import { recordedRate } from '../../recorder/recorder-commands.ts';
import type { Recorder } from '../../recorder/start-recorder.ts';
import { untilSilence } from '../../recorder/until-silence.ts';
import { warnOfJob } from '../warn-of-transcript.ts';
import type { DictationLine } from './dictation-line.ts';
import { whenEnded } from './when-ended.ts';

export interface DictateRequest {
  readonly recorder: Recorder;
  readonly options: TranscriptionOptions & AnswerOptions;
  /** Silence that ends it; null for none. */
  readonly silenceSeconds: number | null;
  /** Shows what is said; null for nobody. */
  readonly line: DictationLine | null;
  /** Print no warnings. */
  readonly quiet: boolean;
}

const name = 'Dictation';

/**
 * Sends what is recorded to a live session until somebody ends it; the whole text. Whatever happens to this process, what
 * was recorded is with the daemon, which transcribes it.
 * @throws what the session fails with
 */
export async function dictate(daemon: Daemon, request: DictateRequest): Promise<string> {
  const { recorder, options, silenceSeconds, line, quiet } = request;
  const stopWaiting = whenEnded(() => recorder.stop());
  const given = silenceSeconds === null ? recorder.sound : untilSilence(recorder.sound, silenceSeconds);
  const audio = whileShown(given, recorder, line);
  let transcript: Transcript | null = null;
  let jobId = '';
  try {
    line?.start();
    for await (const event of transcribeLiveSteadily(daemon, {
      audio,
      name,
      options: { ...options, rate: recordedRate },
    })) {
      jobId = event.jobId;
      line?.follow(event);
      if (event.type === 'job-done') transcript = event.result;
    }
  } finally {
    recorder.stop();
    stopWaiting();
    line?.stop();
  }
  if (transcript === null) return '';
  if (!quiet) await warnOfJob(daemon, jobId, { name, transcript });
  return transcript.text.trim();
}

/** The sound, whose end is the end of the recording. */
async function* whileShown(
  sound: AsyncIterable<Uint8Array>,
  recorder: Recorder,
  line: DictationLine | null,
): AsyncGenerator<Uint8Array> {
  yield* sound;
  recorder.stop();
  line?.finish();
}
