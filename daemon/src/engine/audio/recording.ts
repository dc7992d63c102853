import type { Native, NativeComingAudio, Priority, RecordingListeners } from '@hearth/native';
import type { Converter } from '../../converters/converter.ts';
import type { Sandbox } from '../../converters/sandbox.ts';

export interface OpenRecordingRequest {
  readonly native: Pick<Native, 'beginAudio' | 'openChannels'>;
  readonly path: string;
  /** Links are followed only if whoever names the path may read whatever they lead to. Default: none is. */
  readonly followLinks?: boolean;
  /** A private folder on a disk with room; a converted recording lies there while it is read. */
  readonly temporaryFolder: string;
  /** What a conversion leaves free of that disk. */
  readonly minFreeDiskBytes: number;
  /** The audio tracks to take, as the option `audioTrack` says it. */
  readonly audioTrack?: string;
  /** What becomes of the channels, as the option `audioChannels` says it. */
  readonly audioChannels?: string;
  /** Names for what is told apart. */
  readonly speakerNames?: readonly string[];
  /** Those who hear the mix of its channels while it is decoded. */
  readonly listeners?: RecordingListeners;
  /** Default: interactive. */
  readonly priority?: Priority;
  readonly signal?: AbortSignal;
  readonly findConverters?: () => Promise<readonly Converter[]>;
  /** Default: what the system has and the converter works in. */
  readonly sandbox?: Sandbox;
  /** Hears of each converter before it begins, and whether it runs in a sandbox. */
  readonly onConverter?: (converter: ConverterUse) => void;
}

export interface ConverterUse {
  readonly executable: string;
  readonly isConfined: boolean;
}

/** Whose sound it is, where tracks or channels are told apart. */
export interface Voice {
  /** The name that a reader sees: as the user gave it, or as the recording calls the channel or the track. */
  readonly speaker: string;
  /** Counted from 1; only where several tracks were asked for. */
  readonly track?: number;
  /** Counted from 1; only where the channels are apart. */
  readonly channel?: number;
}

/** What is transcribed of a recording: all of it, or one of the tracks or channels that are told apart. */
export interface Sound {
  readonly audio: NativeComingAudio;
  /** Null where nothing is told apart. */
  readonly voice: Voice | null;
}

export interface Recording {
  /** On one clock. */
  readonly sounds: readonly [Sound, ...Sound[]];
  /** Sentences for the user, once all of it is decoded; empty for a sound recording. */
  readonly warnings: () => Promise<readonly string[]>;
}
