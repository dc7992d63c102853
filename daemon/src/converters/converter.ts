/** One recording as a converter is asked for it. */
export interface Conversion {
  readonly inputPath: string;
  /** Where the WAV file is wanted; only a converter that writes a file itself looks at it. */
  readonly outputPath: string;
  /** What the engine found the recording to be (`mp4`, `matroska`); null for data of no known kind. */
  readonly format: string | null;
  /** The audio track to take, counted from 1; null for the one that the converter chooses. */
  readonly track: number | null;
  /** Whether the sound keeps its place on the container's clock, where that clock begins at 0. */
  readonly keepsClock: boolean;
  /** Silence before the sound, for a container that counts from any time and whose pictures begin earlier. */
  readonly delaySeconds: number;
}

/** An audio track of a recording. */
export interface AudioTrack {
  /** Counted from 1 among the audio tracks. */
  readonly number: number;
  /** Its language's code as the container has it; null where it has none. */
  readonly language: string | null;
  readonly isDefault: boolean;
}

/** What a converter said about a recording while it converted it. */
export interface ConverterReport {
  /** Empty where the converter does not tell. */
  readonly tracks: readonly AudioTrack[];
  /** The number of the track that it took; null where it does not tell. */
  readonly takenTrack: number | null;
  /** The first few of its complaints: another program's words, for a log and for telling failures apart. */
  readonly complaints: readonly string[];
}

/** A program that turns a recording which the engine cannot read into a WAV file of 16 kHz. */
export interface Converter {
  readonly name: 'afconvert' | 'ffmpeg';
  readonly executable: string;
  readonly writesTo: 'standard-output' | 'file';
  readonly buildArguments: (conversion: Conversion) => readonly string[];
  /** Reads what it wrote to standard error. */
  readonly readReport: (lines: readonly string[]) => ConverterReport;
  /** Where the container's clock stands at its first packet, in seconds, if this line of standard error tells. */
  readonly readStart: (line: string) => number | null;
  /** How much later than the container's other tracks the sound begins, if this line tells that it left that out. */
  readonly readDelay: (line: string) => number | null;
}
