import type { NativeModel } from '@hearth/native';
import { runLiveJob } from '../../daemon/src/engine/live/run-live-job.ts';
import { createVoiceActivity } from '../../daemon/src/engine/voice-activity.ts';
import type { EngineEvent } from '../../daemon/src/protocol/engine-messages.ts';
import type { TranscriptionOptions } from '../../daemon/src/protocol/options/transcription-options.ts';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import type { Vocabulary } from '../../daemon/src/whisper/tokenizer/vocabulary.ts';
import { native } from '../../test/engine/support/embedded-model.ts';
import { createSoundClock } from './sound-clock.ts';

export interface PlayedEvent {
  readonly atSeconds: number;
  readonly event: EngineEvent;
}

export interface PlayedSession {
  readonly events: readonly PlayedEvent[];
  readonly result: Transcript;
  /** From the end of the sound to the end of the job. */
  readonly finalSeconds: number;
}

export interface PlayRequest {
  /** A model for each session, which may be one and the same. */
  readonly models: readonly NativeModel[];
  readonly vocabulary: Vocabulary;
  /** A WAV file of 16 kHz, mono, 16 bits. */
  readonly path: string;
  readonly bytes: number;
  readonly options: TranscriptionOptions;
  /** How much comes at a time, and whether it goes on coming while a session works. */
  readonly pieceSeconds?: number;
  readonly workTakesTime?: boolean;
  readonly onEvent?: (event: EngineEvent, atSeconds: number, session: number) => void;
}

const headerBytes = 44;
const bytesPerSecond = 32_000;
const voiceActivity = createVoiceActivity(native);

/** Plays a file to live sessions of the engine in this process, by a clock of its own. */
export function playSessions(request: PlayRequest): Promise<PlayedSession[]> {
  const { models, vocabulary, path, bytes, options, pieceSeconds = 0.05, workTakesTime = true, onEvent } = request;
  const clock = createSoundClock({ sessions: models.length, workTakesTime });
  const endSeconds = (bytes - headerBytes) / bytesPerSecond;
  const played = (atSeconds: number) =>
    Math.min(
      bytes,
      headerBytes + 2 * Math.round((Math.floor(atSeconds / pieceSeconds + 1e-6) * pieceSeconds * bytesPerSecond) / 2),
    );

  async function play(model: NativeModel, session: number): Promise<PlayedSession> {
    const progress = () => {
      const byteCount = clock.nowSeconds() >= endSeconds ? bytes : played(clock.nowSeconds());
      return { byteCount, isEnded: byteCount === bytes, marks: [] };
    };
    const feed = {
      progress,
      async changed(seen: { readonly byteCount: number }) {
        const next = (seen.byteCount - headerBytes) / bytesPerSecond + pieceSeconds;
        await clock.waitUntil(Math.min(next, endSeconds));
      },
      async turnEnded(_: unknown, signal: AbortSignal) {
        await clock.reach(endSeconds, signal);
      },
      close: () => undefined,
    };
    const description = { name: 'base', batchSize: 1 };
    const residency = { use: async () => ({ model, vocabulary, description, release: () => undefined }) };
    const task = { jobId: `live-${session}`, audioPath: path, modelFolder: 'embedded', options };
    const live = {
      progress: progress(),
      turns: { detection: 'voice' as const, silenceSeconds: null, paddingSeconds: null },
      resume: null,
    };
    const steps = runLiveJob({
      native,
      residency: residency as never,
      voiceActivity,
      feed,
      dictionary: undefined,
      signal: new AbortController().signal,
      command: { type: 'transcribe', ...task, priority: 'interactive', live },
    });
    const events: PlayedEvent[] = [];
    try {
      for (;;) {
        const { done, value } = await steps.next();
        const atSeconds = clock.nowSeconds();
        if (done === true) return { events, result: value, finalSeconds: atSeconds - endSeconds };
        for (const event of [value].flat()) {
          if (onEvent === undefined) events.push({ atSeconds, event });
          else onEvent(event, atSeconds, session);
        }
      }
    } finally {
      clock.leave();
    }
  }

  return Promise.all(models.map(play));
}
