import type { NativeAudio, NativeSession, SessionUsage } from '@hearth/native';
import type { Dictionary } from '../../dictionary/create-dictionary.ts';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import type { Hypothesis } from '../../whisper/live/choose-cut.ts';
import { hearPart } from '../../whisper/live/hear-part.ts';
import { createHeardDraft, toHeardSegment } from '../../whisper/live/heard-draft.ts';
import type { LiveSpeech } from '../../whisper/live/live-speech.ts';
import { transcribe } from '../../whisper/transcribe.ts';
import type { Transcript } from '../../whisper/transcript.ts';
import { shortestPauseSeconds } from '../../whisper/voice-activity/speech-clips.ts';
import type { SpeechRange } from '../../whisper/voice-activity/speech-ranges.ts';
import type { ModelLease } from '../model-residency.ts';
import type { VoiceActivity } from '../voice-activity.ts';
import type { LiveSound } from './live-sound.ts';
import { createUsageSum } from './usage-sum.ts';

/** What a live session asks of the model, each question by itself: a session that stays open keeps bulk jobs waiting. */
export interface LiveHearing {
  readonly speech: LiveSpeech;
  /** Lets voice activity hear what has come since. */
  hearOn(): Promise<void>;
  /** What a part says whose speech goes on; null where the model is not sure. */
  look(part: SpeechRange, options: ResolvedOptions): Promise<Hypothesis | null>;
  /** What a part says as a file of its samples would. @throws as `transcribe` */
  hearAsFile(part: SpeechRange, options: ResolvedOptions): Promise<Transcript>;
  /** Gives up what lies before a time. */
  forget(beforeSeconds: number): void;
  usage(): SessionUsage;
}

export interface LiveHearingRequest {
  readonly lease: ModelLease;
  readonly voiceActivity: VoiceActivity;
  readonly dictionary: Dictionary | undefined;
  readonly sound: LiveSound;
  readonly speech: LiveSpeech;
  readonly signal: AbortSignal;
}

export function createLiveHearing(request: LiveHearingRequest): LiveHearing {
  const { lease, voiceActivity, dictionary, sound, speech, signal } = request;
  const { model, vocabulary, description } = lease;
  const usage = createUsageSum();
  const { timestampBegin, endOfText } = vocabulary.special;
  const draft = createHeardDraft({ timestampBegin });

  async function ask<Result>(question: (session: NativeSession) => Promise<Result>): Promise<Result> {
    const session = model.session({ priority: 'interactive', signal, voiceActivity: await voiceActivity.network() });
    try {
      return await question(session);
    } finally {
      usage.add(session.usage);
      session.close();
    }
  }

  async function askOf<Result>(
    part: SpeechRange,
    question: (session: NativeSession, audio: NativeAudio) => Promise<Result>,
  ): Promise<Result> {
    const audio = sound.recordingOf(part);
    try {
      return await ask((session) => question(session, audio));
    } finally {
      audio.close();
    }
  }

  return {
    speech,
    hearOn: async () => speech.add(await ask((session) => session.hearOn(sound.growing))),
    look(part, options) {
      const spoken = speech.rangesIn(part, shortestPauseSeconds);
      const { startSeconds } = part;
      return askOf(part, async (session, audio) => {
        const heard = await hearPart({
          model: session,
          vocabulary,
          audio,
          startSeconds,
          spoken,
          options,
          draft: draft.from(startSeconds),
        });
        draft.take(part, heard.segments);
        return heard.hypothesis;
      });
    },
    async hearAsFile(part, options) {
      const { startSeconds } = part;
      const said = await askOf(part, (session, audio) =>
        readToEnd(
          transcribe({
            model: session,
            vocabulary,
            audio,
            options,
            windowsAtATime: options.batchSize ?? description.batchSize,
            startSeconds,
            draft: draft.from(startSeconds),
            dictionary,
          }),
        ),
      );
      draft.take(
        part,
        said.segments.map((segment) => toHeardSegment(segment, { startSeconds, endOfText })),
      );
      return said;
    },
    forget(beforeSeconds) {
      speech.forget(beforeSeconds);
      draft.forget(beforeSeconds);
    },
    usage: usage.total,
  };
}

async function readToEnd(steps: ReturnType<typeof transcribe>): Promise<Transcript> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
  }
}
