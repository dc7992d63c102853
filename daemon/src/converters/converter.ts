/** What a converter is asked to convert. */
export interface Conversion {
  readonly inputPath: string;
  /** Where to write the WAV file. Only a converter that writes a file itself uses it. */
  readonly outputPath: string;
  /** The format that the engine recognised (`mp4`, `matroska`); null for data of no known kind. */
  readonly format: string | null;
  /** The audio track to use, counted from 1; null lets the converter choose. */
  readonly track: number | null;
  /** Whether every channel is kept; else the converter mixes more than two. */
  readonly keepsChannels: boolean;
  /** Whether the sound keeps its place on the container's clock, if that clock starts at 0. */
  readonly keepsClock: boolean;
  /** Silence before the sound, for a container whose clock starts anywhere and whose pictures start earlier. */
  readonly delaySeconds: number;
}

/** An audio track of a recording. */
export interface AudioTrack {
  /** Counted from 1 among the audio tracks. */
  readonly number: number;
  /** The language code in the container; null if it has none. */
  readonly language: string | null;
  readonly isDefault: boolean;
  /** What whoever made the recording called it, such as `Microphone`; null if it has no name. */
  readonly title: string | null;
  /** Such as `aac`; null if nobody tells. */
  readonly codec: string | null;
}

/** What a converter reported about a recording while converting it. */
export interface ConverterReport {
  /** Empty if the converter does not report them. */
  readonly tracks: readonly AudioTrack[];
  /** The number of the track it used; null if it does not say. */
  readonly takenTrack: number | null;
  /** The first few complaints, in the other program's words: for a log, and to tell failures apart. */
  readonly complaints: readonly string[];
}

/** A program that converts a recording that the engine cannot read into a WAV file with 16 kHz. */
export interface Converter {
  readonly name: 'afconvert' | 'ffmpeg';
  readonly executable: string;
  readonly writesTo: 'standard-output' | 'file';
  readonly buildArguments: (conversion: Conversion) => readonly string[];
  /** Reads its standard error output. */
  readonly readReport: (lines: readonly string[]) => ConverterReport;
  /** The container's clock at its first packet in seconds, if this line of standard error contains it. */
  readonly readStart: (line: string) => number | null;
  /** How much later than the other tracks the sound starts, if this line says that this gap was left out. */
  readonly readDelay: (line: string) => number | null;
}
