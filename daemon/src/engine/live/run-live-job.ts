import type { Native } from '@hearth/native';
import type { Dictionary } from '../../dictionary/create-dictionary.ts';
import type { EngineEvent, EngineMessage, LiveTask } from '../../protocol/engine-messages.ts';
import { resolveOptions } from '../../protocol/options/resolve-options.ts';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import type { Transcript as ProtocolTranscript } from '../../protocol/transcript.ts';
import { noSpeechSentence } from '../../protocol/warning-codes.ts';
import { createLivePolicy, type LivePolicy, type LiveStep, type Tentative } from '../../whisper/live/live-policy.ts';
import { createLiveSpeech } from '../../whisper/live/live-speech.ts';
import type { Transcript } from '../../whisper/transcript.ts';
import type { SpeechRange } from '../../whisper/voice-activity/speech-ranges.ts';
import { describeTimings } from '../describe-timings.ts';
import type { JobSteps, TranscribeCommand } from '../jobs.ts';
import type { ModelResidency } from '../model-residency.ts';
import { type TranscriptFacts, toTranscript } from '../to-transcript.ts';
import type { VoiceActivity } from '../voice-activity.ts';
import { createLiveHearing, type LiveHearing } from './hear-live.ts';
import type { LiveFeed } from './live-feed.ts';
import { type LiveSound, openLiveSound } from './live-sound.ts';
import { createLiveTranscript, type LiveTranscript } from './live-transcript.ts';

/** A shorter silence is a part of what is said. */
const shortestSilenceSeconds = 0.2;
/** Sound that is sent faster than it is heard stays on disk, once so much of it is in memory. */
const mostHeldSeconds = 60;

export interface RunLiveJobRequest {
  readonly native: Pick<Native, 'growAudio'>;
  readonly residency: ModelResidency;
  readonly voiceActivity: VoiceActivity;
  readonly command: TranscribeCommand & { readonly live: LiveTask };
  /** The command's, prepared. */
  readonly dictionary: Dictionary | undefined;
  readonly feed: LiveFeed;
  readonly signal: AbortSignal;
}

/** Transcribes sound while it comes, until it ends. */
export async function* runLiveJob(request: RunLiveJobRequest): JobSteps {
  const { native, residency, voiceActivity, command, dictionary, feed, signal } = request;
  const { jobId, modelFolder, audioPath, live } = command;
  const options = resolveOptions(command.options);
  const startedAt = performance.now();
  yield { type: 'job-started', jobId };
  const lease = await residency.use(modelFolder, 'live', signal);
  const modelWaitSeconds = secondsSince(startedAt);
  try {
    signal.throwIfAborted();
    const fromSeconds = live.resume?.fromSeconds ?? 0;
    const sound = await openLiveSound({ native, path: audioPath, feed, fromSeconds, signal });
    try {
      yield { type: 'audio-opened', jobId, audio: summaryOf(sound) };
      const speech = createLiveSpeech({ threshold: options.vadThreshold, fromSeconds: sound.firstSeconds });
      const hearing = createLiveHearing({ lease, voiceActivity, dictionary, sound, speech, signal });
      const transcript = createLiveTranscript(live.resume);
      yield* listen({ request, options, sound, hearing, transcript });
      return describe(transcript, {
        options,
        durationSeconds: sound.soundSeconds(),
        model: lease.description.name,
        timings: describeTimings(hearing.usage(), {
          model_wait: modelWaitSeconds,
          audio_decode: 0,
          total: secondsSince(startedAt),
        }),
      });
    } finally {
      await sound.close();
    }
  } finally {
    feed.close();
    lease.release();
  }
}

interface Listening {
  readonly request: RunLiveJobRequest;
  readonly options: ResolvedOptions;
  readonly sound: LiveSound;
  readonly hearing: LiveHearing;
  readonly transcript: LiveTranscript;
}

/** Asks the policy what to do as long as there is something, and waits for more sound where there is not. */
async function* listen(listening: Listening): AsyncGenerator<EngineMessage, void> {
  const { request, options, sound, hearing } = listening;
  const { signal } = request;
  const { turns, resume } = request.command.live;
  const { speech } = hearing;
  const policy = createLivePolicy({
    detection: turns.detection,
    silenceSeconds: Math.max(turns.silenceSeconds ?? options.vadMinSilence, shortestSilenceSeconds),
    paddingSeconds: turns.paddingSeconds ?? options.vadPad,
    minSpeechSeconds: options.vadMinSpeech,
    fromSeconds: resume?.fromSeconds ?? 0,
    isSpeaking: resume?.isSpeaking ?? false,
  });
  const perform = createPerformer(listening, policy);
  let isWanted = true;
  for (;;) {
    signal.throwIfAborted();
    const mayPull = isWanted || sound.heldSeconds() < mostHeldSeconds;
    const hasNews = mayPull && (await sound.pull());
    if (hasNews && turns.detection === 'voice') await hearing.hearOn();
    const soundSeconds = sound.soundSeconds();
    const step = policy.next({ speech, soundSeconds, marks: sound.marks(), isEnded: sound.isEnded() });
    if (step.type === 'end') return;
    isWanted = step.type === 'wait';
    if (step.type !== 'wait') yield* perform(step);
    else if (mayPull && !hasNews) await sound.more();
    const needed = policy.neededFromSeconds();
    hearing.forget(needed);
    sound.forget(needed);
  }
}

/** Does what the policy says and tells it what came of that. */
function createPerformer({ request, options, hearing, transcript }: Listening, policy: LivePolicy) {
  const { jobId, live } = request.command;
  let utteranceStart: number | null = live.resume?.isSpeaking === true ? live.resume.fromSeconds : null;
  let preview: { readonly part: SpeechRange; readonly said: Transcript } | null = null;

  /** What the client asked for, in the language that its first words were in. */
  function settledOptions(): ResolvedOptions {
    const known = transcript.languageProbabilities?.[0].language;
    return known === undefined || options.languagePerWindow ? options : { ...options, language: known, languages: [] };
  }

  function* show(tentative: Tentative | null): Generator<EngineEvent> {
    if (tentative === null || tentative.text.trim() === '') return;
    yield { type: 'text-tentative', jobId, ...tentative, startSeconds: tidy(tentative.startSeconds) };
  }

  function commit(part: SpeechRange, said: Transcript): readonly EngineEvent[] {
    const hadLanguage = transcript.languageProbabilities !== null;
    const segments = transcript.add(said, tidy(part.startSeconds));
    const [likeliest] = transcript.languageProbabilities ?? [];
    const language: readonly EngineEvent[] =
      hadLanguage || likeliest === undefined ? [] : [{ type: 'language-detected', jobId, ...likeliest }];
    if (segments.length === 0) return language;
    const [startSeconds, endSeconds] = [tidy(part.startSeconds), tidy(part.endSeconds)];
    const text = segments.map((segment) => segment.text).join('');
    return [
      ...language,
      { type: 'segments-decoded', jobId, segments, processedSeconds: endSeconds },
      { type: 'text-committed', jobId, startSeconds, endSeconds, text },
    ];
  }

  function endUtterance(startSeconds: number): EngineEvent {
    const started = utteranceStart ?? startSeconds;
    utteranceStart = null;
    preview = null;
    return {
      type: 'utterance-done',
      jobId,
      startSeconds: tidy(started),
      endSeconds: tidy(policy.partStartSeconds()),
    };
  }

  /** A text and what it ends come together: the next engine would say again, or forget, what this one says by halves. */
  return async function* perform(step: LiveStep): AsyncGenerator<EngineMessage, void> {
    switch (step.type) {
      case 'speech-started':
        utteranceStart = policy.partStartSeconds();
        yield { type: 'speech-started', jobId, atSeconds: tidy(step.atSeconds) };
        return;
      case 'look':
        yield* show(policy.looked(await hearing.look(step.part, settledOptions()), hearing.speech));
        return;
      case 'preview': {
        const { part, isForItsEnd } = step;
        const hear = isForItsEnd ? hearing.hearAsFile : hearing.hearMeanwhile;
        const said = await hear(part, settledOptions());
        if (said === null) return;
        preview = { part, said };
        const { text } = said;
        policy.previewed(text);
        yield* show({ startSeconds: part.startSeconds, text, agreed: text.length });
        return;
      }
      case 'cut': {
        const said = await hearing.hearAsFile(step.part, settledOptions());
        const { isCommitted, rest } = policy.wasCut(said.text);
        if (!isCommitted) return;
        yield commit(step.part, said);
        yield* show(rest);
        return;
      }
      case 'finish': {
        const { part, speechEndSeconds } = step;
        if (speechEndSeconds !== null) yield { type: 'speech-stopped', jobId, atSeconds: tidy(speechEndSeconds) };
        if (part === null) {
          yield endUtterance(policy.partStartSeconds());
          return;
        }
        const known = preview !== null && isSame(preview.part, part) ? preview.said : null;
        const said = known ?? (await hearing.hearAsFile(part, settledOptions()));
        yield [...commit(part, said), endUtterance(part.startSeconds)];
        return;
      }
      case 'drop':
        utteranceStart = null;
        preview = null;
        yield { type: 'audio-dropped', jobId, endSeconds: tidy(policy.partStartSeconds()) };
    }
  };
}

function describe(
  { segments, languageProbabilities, warnings }: LiveTranscript,
  facts: Pick<TranscriptFacts, 'model' | 'timings'> & {
    readonly options: ResolvedOptions;
    readonly durationSeconds: number;
  },
): ProtocolTranscript {
  const { options, durationSeconds, model, timings } = facts;
  const text = segments.map((segment) => segment.text).join('');
  const isSilent = text.trim() === '';
  const decoded: Transcript = {
    text,
    language: languageProbabilities?.[0].language ?? options.language ?? 'en',
    languageProbabilities,
    ...(languageProbabilities === null && options.language === null && { isLanguageGuessed: true as const }),
    durationSeconds,
    segments: [],
    warnings: isSilent ? [{ code: 'no-speech', message: noSpeechSentence }] : warnings,
  };
  const described = toTranscript(decoded, { model, task: options.task, timings, recordingWarnings: [] });
  return { ...described, segments };
}

function summaryOf({ header: { format } }: LiveSound) {
  const { encoding, sampleRateHz, channels } = format;
  // How long it will be nobody knows.
  return { durationSeconds: 0, container: 'WAV', codec: encoding, sampleRateHz, channels };
}

function isSame(one: SpeechRange, other: SpeechRange): boolean {
  return one.startSeconds === other.startSeconds && one.endSeconds === other.endSeconds;
}

/** A time without what sums of fractions leave behind its last place; a sample at 16 kHz is 0.0000625 s. */
function tidy(seconds: number): number {
  return Number(seconds.toFixed(7));
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}
