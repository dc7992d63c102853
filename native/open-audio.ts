import type { NativeVoiceActivity } from './audio.ts';
import type { NativeModel } from './model.ts';
import type { Priority } from './session.ts';

export interface OpenAudioRequest {
  readonly path: string;
  /** Of the file, where it is open already: what has its path by now may be another one. */
  readonly descriptor?: number | undefined;
  /** Those who hear the recording while it is decoded. */
  readonly listeners?: RecordingListeners | undefined;
  /** An interactive recording does not wait for a bulk one. Default: interactive. */
  readonly priority?: Priority | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RecordingListeners {
  /** Null: nothing listens for speech. */
  readonly voiceActivity: NativeVoiceActivity | null;
  /** The model that is to encode it with windows that are normalised by the whole recording. Null: there will be none. */
  readonly model: NativeModel | null;
}
