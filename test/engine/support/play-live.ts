import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NativeGrowingAudio } from '@hearth/native';
import type { Dictionary } from '../../../daemon/src/dictionary/create-dictionary.ts';
import { runLiveJob } from '../../../daemon/src/engine/live/run-live-job.ts';
import type { ModelResidency } from '../../../daemon/src/engine/model-residency.ts';
import type { VoiceActivity } from '../../../daemon/src/engine/voice-activity.ts';
import type { EngineEvent, EngineMessage, LiveMark, LiveTurns } from '../../../daemon/src/protocol/engine-messages.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
import type { Transcript } from '../../../daemon/src/protocol/transcript.ts';
import { native } from './embedded-model.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

export interface PlayedLive {
  readonly events: readonly EngineEvent[];
  /** As they are sent: those that belong together in one. */
  readonly messages: readonly EngineMessage[];
  readonly result: Transcript;
}

/** Plays a WAV file to a live session, so much more whenever it has nothing to do: its clock, and no other. */
export function playLive(request: {
  readonly residency: ModelResidency;
  readonly voiceActivity: VoiceActivity;
  readonly wav: Buffer;
  readonly bytesAtATime: number;
  readonly options?: TranscriptionOptions;
  readonly turns?: LiveTurns;
  /** What the client says at places in the file. */
  readonly marks?: readonly LiveMark[];
  readonly dictionary?: Dictionary;
  /** The client ends its turn during each look. Default: it does so between them. */
  readonly endsDuringLooks?: boolean;
  /** Sees where the session's sound is held. */
  readonly onGrowing?: (growing: NativeGrowingAudio) => void;
  /** What it throws ends the session. */
  readonly onEvent?: (event: EngineEvent) => void;
}): Promise<PlayedLive> {
  const { residency, voiceActivity, wav, bytesAtATime, options = {}, marks = [], dictionary, onGrowing } = request;
  const turns = request.turns ?? { detection: 'voice', silenceSeconds: null, paddingSeconds: null };
  return withTemporaryFolder(async (folder) => {
    const audioPath = join(folder, 'growing.wav');
    await writeFile(audioPath, '');
    let byteCount = 0;
    const progress = () => ({
      byteCount,
      isEnded: byteCount === wav.length,
      marks: marks.filter(({ atByte }) => atByte <= byteCount),
    });
    const feed = {
      progress,
      async changed() {
        const piece = wav.subarray(byteCount, byteCount + bytesAtATime);
        await appendFile(audioPath, piece);
        byteCount += piece.length;
      },
      turnEnded: async () => (request.endsDuringLooks ? undefined : await new Promise<void>(() => undefined)),
      close: () => undefined,
    };
    const live = { progress: progress(), turns, resume: null };
    const task = { jobId: 'live', audioPath, modelFolder: 'embedded', options, priority: 'interactive' as const };
    const growAudio: typeof native.growAudio = (format) => {
      const growing = native.growAudio(format);
      onGrowing?.(growing);
      return growing;
    };
    const steps = runLiveJob({
      ...{ native: { growAudio }, residency, voiceActivity, feed, dictionary, signal: new AbortController().signal },
      command: { type: 'transcribe', ...task, live },
    });
    const messages: EngineMessage[] = [];
    try {
      for (;;) {
        const { done, value } = await steps.next();
        if (done === true) return { events: messages.flat(), messages, result: value };
        messages.push(value);
        for (const event of [value].flat()) request.onEvent?.(event);
      }
    } finally {
      await steps.return(undefined as never);
    }
  });
}
