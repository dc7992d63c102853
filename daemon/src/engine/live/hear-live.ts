import type { NativeAudio, NativeSession, SessionUsage } from '@hearth/native';
import type { Dictionary } from '../../dictionary/create-dictionary.ts';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import type { Hypothesis } from '../../whisper/live/choose-cut.ts';
import { continueDraft } from '../../whisper/live/continue-draft.ts';
import { hearPart } from '../../whisper/live/hear-part.ts';
import { createHeardDraft, type HeardSegment, toHeardSegment } from '../../whisper/live/heard-draft.ts';
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
  /**
   * What a part says whose speech goes on; null where the model is not sure, or where the client has ended its turn
   * meanwhile: then the part is heard as a file, and nobody waits for what may still change.
   */
  look(part: SpeechRange, options: ResolvedOptions): Promise<Hypothesis | null>;
  /** What a part says as a file of its samples would. @throws as `transcribe` */
  hearAsFile(part: SpeechRange, options: ResolvedOptions): Promise<Transcript>;
  /** The same for a part that nobody needs once the client has ended its turn; null where it has. */
  hearMeanwhile(part: SpeechRange, options: ResolvedOptions): Promise<Transcript | null>;
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
  const looked = createHeardDraft({ timestampBegin });
  // By whoever heard most of what was said before: with less of it a look says much otherwise than a file.
  const heardWidely = createHeardDraft({ timestampBegin });
  let widestSeconds = Number.POSITIVE_INFINITY;

  async function ask<Result>(
    question: (session: NativeSession) => Promise<Result>,
    until: AbortSignal = signal,
  ): Promise<Result> {
    const network = await voiceActivity.network();
    const session = model.session({ priority: 'interactive', signal: until, voiceActivity: network });
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
    until?: AbortSignal,
  ): Promise<Result> {
    const audio = sound.recordingOf(part);
    try {
      return await ask((session) => question(session, audio), until);
    } finally {
      audio.close();
    }
  }

  function takeWidely(part: SpeechRange, segments: readonly HeardSegment[]): void {
    if (part.startSeconds > widestSeconds) return;
    widestSeconds = part.startSeconds;
    heardWidely.take(part, segments);
  }

  /** Null where the client ends its turn before there is an answer. */
  async function untilTurnEnds<Result>(question: (until: AbortSignal) => Promise<Result>): Promise<Result | null> {
    const asking = new AbortController();
    void sound.turnEnded(AbortSignal.any([asking.signal, signal])).then(() => asking.abort());
    try {
      return await question(AbortSignal.any([asking.signal, signal]));
    } catch (error) {
      if (signal.aborted || !asking.signal.aborted) throw error;
      return null;
    } finally {
      asking.abort();
    }
  }

  function lookUntil(end: AbortSignal, part: SpeechRange, options: ResolvedOptions): Promise<Hypothesis | null> {
    const spoken = speech.rangesIn(part, shortestPauseSeconds);
    const { startSeconds } = part;
    const question = async (session: NativeSession, audio: NativeAudio) => {
      const heard = await hearPart({
        model: session,
        vocabulary,
        audio,
        startSeconds,
        spoken,
        options,
        draft: looked.from(startSeconds),
      });
      looked.take(part, heard.segments);
      takeWidely(part, heard.segments);
      return heard.hypothesis;
    };
    return askOf(part, question, end);
  }

  async function hearAsFile(part: SpeechRange, options: ResolvedOptions, until?: AbortSignal): Promise<Transcript> {
    const { startSeconds } = part;
    const question = (session: NativeSession, audio: NativeAudio) =>
      readToEnd(
        transcribe({
          model: session,
          vocabulary,
          audio,
          options,
          windowsAtATime: options.batchSize ?? description.batchSize,
          startSeconds,
          draft: continueDraft(heardWidely.from(startSeconds), looked.from(startSeconds)),
          dictionary,
        }),
      );
    const said = await askOf(part, question, until);
    takeWidely(
      part,
      said.segments.map((segment) => toHeardSegment(segment, { startSeconds, endOfText })),
    );
    return said;
  }

  return {
    speech,
    hearOn: async () => speech.add(await ask((session) => session.hearOn(sound.growing))),
    look: (part, options) => untilTurnEnds((end) => lookUntil(end, part, options)),
    hearAsFile: (part, options) => hearAsFile(part, options),
    hearMeanwhile: (part, options) => untilTurnEnds((end) => hearAsFile(part, options, end)),
    forget(beforeSeconds) {
      speech.forget(beforeSeconds);
      looked.forget(beforeSeconds);
      heardWidely.forget(beforeSeconds);
      if (beforeSeconds > widestSeconds) widestSeconds = Number.POSITIVE_INFINITY;
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
