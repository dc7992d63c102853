import type { Native, NativeAudio } from '@hearth/native';
import type { Converter } from '../../converters/converter.ts';
import type { Sandbox } from '../../converters/sandbox.ts';

export interface OpenRecordingRequest {
  readonly native: Pick<Native, 'openAudio'>;
  readonly path: string;
  /** A private folder on a disk with room; a converted recording lies there while it is read. */
  readonly temporaryFolder: string;
  /** What a conversion leaves free of that disk. */
  readonly minFreeDiskBytes: number;
  /** The audio track to take, as the option `audioTrack` says it. */
  readonly audioTrack?: string;
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

export interface Recording {
  readonly audio: NativeAudio;
  /** Sentences for the user; empty for a sound recording. */
  readonly warnings: string[];
}
