import type { Native, NativeVoiceActivity, SessionUsage } from '@hearth/native';
import type { Dictionary } from '../dictionary/create-dictionary.ts';
import type { EngineEvent } from '../protocol/engine-messages.ts';
import type { AudioSummary } from '../protocol/job-events.ts';
import { checkClipsAgainstLength } from '../protocol/options/normalize-options.ts';
import { resolveOptions } from '../protocol/options/resolve-options.ts';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import { transcribe } from '../whisper/transcribe.ts';
import { isHeardAsAWhole } from '../whisper/voice-activity/is-heard-as-a-whole.ts';
import { listensForSpeech } from '../whisper/voice-activity/listens-for-speech.ts';
import { openRecording } from './audio/open-recording.ts';
import type { Recording, Sound } from './audio/recording.ts';
import type { SoundPlace, SoundRoom } from './audio/sound-room.ts';
import { collectGarbageOfJobs } from './collect-garbage.ts';
import { describeTimings } from './describe-timings.ts';
import { type HeardEvent, hearSounds, type VoicedTranscript } from './hear-sounds.ts';
import type { JobSteps, TranscribeCommand } from './jobs.ts';
import type { ModelLease, ModelResidency } from './model-residency.ts';
import { showPartials } from './show-partials.ts';
import { toSegment, toTranscript } from './to-transcript.ts';
import type { VoiceActivity } from './voice-activity.ts';

export interface RunJobRequest {
  readonly native: Native;
  readonly residency: ModelResidency;
  readonly voiceActivity: VoiceActivity;
  readonly soundRooms: Readonly<Record<TranscribeCommand['priority'], SoundRoom>>;
  readonly temporaryFolder: string;
  /** What a conversion leaves free of the disk. */
  readonly minFreeDiskBytes: number;
  readonly command: TranscribeCommand;
  /** The command's, prepared. */
  readonly dictionary: Dictionary | undefined;
  readonly signal: AbortSignal;
  /** For what is told while a step runs. */
  readonly send: (event: EngineEvent) => void;
}

/** Transcribes one recording, a window per step. */
export async function* runJob(request: RunJobRequest): JobSteps {
  const { residency, soundRooms, command, signal } = request;
  const { jobId, modelFolder, priority } = command;
  const startedAt = performance.now();
  yield { type: 'job-started', jobId };
  const lease = await residency.use(modelFolder, priority, signal);
  const modelWaitSeconds = secondsSince(startedAt);
  try {
    signal.throwIfAborted();
    // With a model to go on with: who waits for one keeps nobody out.
    const place = await soundRooms[priority].enter(signal);
    try {
      return yield* transcribeWith(lease, request, { startedAt, modelWaitSeconds, place });
    } finally {
      place.leave();
    }
  } finally {
    lease.release();
  }
}

async function* transcribeWith(
  lease: ModelLease,
  request: RunJobRequest,
  {
    startedAt,
    modelWaitSeconds,
    place,
  }: { readonly startedAt: number; readonly modelWaitSeconds: number; readonly place: SoundPlace },
): JobSteps {
  const { native, temporaryFolder, voiceActivity, command, signal } = request;
  const { jobId, audioPath, followLinks = false } = command;
  const options = resolveOptions(command.options);
  const network = await voiceActivity.network();
  const openedAt = performance.now();
  const { sounds, warnings } = await openRecording({
    native,
    path: audioPath,
    followLinks,
    temporaryFolder,
    minFreeDiskBytes: request.minFreeDiskBytes,
    listeners: {
      voiceActivity: listensForSpeech(options) ? network : null,
      model: options.sequential ? lease.model : null,
    },
    priority: command.priority,
    signal,
    onConverter: ({ executable, isConfined }) => request.send({ type: 'converter-started', executable, isConfined }),
    ...(options.audioTrack === null ? {} : { audioTrack: options.audioTrack }),
    audioChannels: options.audioChannels,
    speakerNames: options.speakerNames,
  });
  const audioDecodeSeconds = secondsSince(openedAt);
  void holdOnceWhole(place, sounds);
  try {
    const audio = await summaryOf(sounds, isHeardAsAWhole(options));
    checkClipsAgainstLength(options.clipTimestamps, audio.durationSeconds);
    yield { type: 'audio-opened', jobId, audio };
    const { decoded, usage } = yield* transcribeIn(lease, request, { sounds, network, options });
    return toTranscript(decoded, {
      model: lease.description.name,
      task: options.task,
      timings: describeTimings(usage, {
        model_wait: modelWaitSeconds,
        audio_decode: audioDecodeSeconds,
        total: secondsSince(startedAt),
      }),
      recordingWarnings: await warnings(),
    });
  } finally {
    for (const { audio } of sounds) audio.close();
    // Takes longer than to answer, and nobody waits for it.
    void native
      .clearCache()
      .then(collectGarbageOfJobs)
      .catch(() => undefined);
  }
}

/** Holds a session of the engine no longer than it is needed: an open interactive one keeps bulk ones waiting. */
async function* transcribeIn(
  { model, vocabulary, description }: ModelLease,
  { command, dictionary, signal, send }: RunJobRequest,
  {
    sounds,
    network,
    options,
  }: Pick<Recording, 'sounds'> & { readonly network: NativeVoiceActivity; readonly options: ResolvedOptions },
): AsyncGenerator<EngineEvent, { readonly decoded: VoicedTranscript; readonly usage: SessionUsage }> {
  const { jobId, priority } = command;
  const session = model.session({ priority, signal, voiceActivity: network });
  try {
    const show = showPartials(jobId, send);
    const windows = options.batchSize ?? description.batchSize;
    const begin = ({ audio, voice }: Sound) =>
      transcribe({
        model: session,
        vocabulary,
        audio,
        options,
        windowsAtATime: Math.ceil(windows / sounds.length),
        onPartial: (partial) => show(voice === null ? partial : { ...partial, speaker: voice.speaker }),
        dictionary,
      });
    const apart = sounds.flatMap((sound) =>
      sound.voice === null ? [] : [{ voice: sound.voice, steps: begin(sound) }],
    );
    const decoded = yield* eventsOf(jobId, apart.length > 0 ? hearSounds(apart) : begin(sounds[0]));
    return { decoded, usage: session.usage };
  } finally {
    session.close();
  }
}

/** Hands on what a transcription says as events of its job. */
async function* eventsOf(
  jobId: string,
  steps: AsyncGenerator<HeardEvent, VoicedTranscript>,
): AsyncGenerator<EngineEvent, VoicedTranscript> {
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) return value;
      if (value.type === 'language-detected') yield { ...value, jobId };
      else yield { ...value, jobId, segments: value.segments.map(toSegment) };
    }
  } finally {
    // A job that is left between two windows lets go of what its transcription holds.
    await steps.return(undefined as never);
  }
}

/** The next one is opened when this one is decoded; a failure is told to whoever transcribes it. */
async function holdOnceWhole(place: SoundPlace, sounds: Recording['sounds']): Promise<void> {
  try {
    place.hold(await Promise.all(sounds.map(({ audio }) => audio.whole())));
  } catch {
    // It leaves soon.
  }
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}

/** Of the longest sound, and what the first one's file says of itself, also about its length unless that has to be known. */
async function summaryOf(sounds: Recording['sounds'], isWhole: boolean): Promise<AudioSummary> {
  const [{ audio }] = sounds;
  const lengths = sounds.map(async (each) => {
    const claimedSeconds = isWhole ? null : each.audio.claimedSeconds;
    return claimedSeconds ?? (await each.audio.whole()).durationSeconds;
  });
  return {
    durationSeconds: Math.max(...(await Promise.all(lengths))),
    container: audio.container,
    codec: audio.codec,
    sampleRateHz: audio.sourceSampleRateHz,
    channels: audio.sourceChannels,
  };
}
