import { cleanUpOptionTable } from './clean-up-option-table.ts';
import { voiceActivityOptionTable } from './voice-activity-option-table.ts';

/** One option: the source of its schema, its flag, `--help`, the documentation and its default. */
export type OptionDefinition = OptionKind & {
  /** Its heading in `--help` and in the documentation. */
  readonly group: string;
  /** Whole sentences. Other options have their wire name, in backticks. */
  readonly description: string;
  /** The flag's name, if it is not the option's name with dashes; null if the command line does not have it. */
  readonly flag?: string | null;
  /** What applies if neither the option nor a `default` is given. */
  readonly otherwise?: string;
};

type OptionKind =
  | { readonly kind: 'boolean'; readonly default: boolean | null /** What `--no-…` does. */; readonly off: string }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string | null }
  | {
      readonly kind: 'string';
      readonly default: string | null;
      readonly minLength?: number;
      readonly maxLength?: number;
    }
  | {
      readonly kind: 'string-list';
      readonly default: readonly string[];
      readonly minItems?: number;
      readonly maxItems?: number;
    }
  | ({ readonly kind: 'number' | 'integer'; readonly default: number | null } & NumberRange)
  | ({
      readonly kind: 'number-list' | 'integer-list';
      readonly default: readonly number[];
      readonly minItems?: number;
      readonly maxItems?: number;
    } & NumberRange);

/** Range of each value. */
export interface NumberRange {
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/**
 * The options of a transcription, with OpenAI's names in camelCase, in the order of how often people need them. A text
 * or list that is empty by default means none.
 */
export const optionTable = {
  language: {
    kind: 'string',
    default: null,
    otherwise: 'detected',
    group: 'Common options',
    description: 'Language spoken, as a code (`de`, `de-AT`, `deu`) or a name (`German`, `Deutsch`), or `auto`.',
  },
  task: {
    kind: 'choice',
    choices: ['transcribe', 'translate'],
    default: 'transcribe',
    group: 'Common options',
    description: '`transcribe` writes what is said; `translate` writes it in English.',
  },
  model: {
    kind: 'string',
    minLength: 1,
    default: null,
    otherwise: 'the model in the settings',
    group: 'Common options',
    description: 'Model name or folder.',
  },
  initialPrompt: {
    kind: 'string',
    default: '',
    group: 'Common options',
    description:
      'Text put before every window, for names and spelling; with `sequential` before the first. Its last 223 tokens count.',
  },
  hotwords: {
    kind: 'string',
    default: '',
    group: 'Common options',
    description: 'Names and terms put before every window, so that they are recognised.',
  },
  dictionary: {
    kind: 'boolean',
    default: null,
    otherwise: 'on, except with `sequential` and without `vad`',
    group: 'Common options',
    description: 'Recognise and spell the names and terms of your dictionary (`hearth words add <word>`).',
    off: 'Do not use the dictionary.',
  },
  wordTimestamps: {
    kind: 'boolean',
    default: null,
    otherwise: 'off; on with a subtitle option',
    group: 'Common options',
    description: 'Give the time of every word.',
    off: 'Do not give the time of every word.',
  },
  clipTimestamps: {
    kind: 'number-list',
    minimum: 0,
    default: [],
    group: 'Parts of a recording',
    description: 'Parts to transcribe: start, end, start, end, … in seconds.',
  },
  audioTrack: {
    kind: 'string',
    flag: 'track',
    minLength: 1,
    maxLength: 64,
    default: null,
    otherwise: 'the one that plays by default',
    group: 'Parts of a recording',
    description:
      'Audio track of a recording with several: its number from 1, or its language; several with commas, or `all`, each of which is named in the text.',
  },
  audioChannels: {
    kind: 'string',
    flag: 'channels',
    minLength: 1,
    maxLength: 8,
    default: 'mix',
    group: 'Parts of a recording',
    description:
      'What becomes of the channels: `mix` hears them as one, `split` transcribes each and names it in the text, a number takes one alone.',
  },
  speakerNames: {
    kind: 'string-list',
    flag: 'speakers',
    minItems: 1,
    maxItems: 64,
    default: [],
    otherwise: 'as the recording calls them',
    group: 'Parts of a recording',
    description: 'Names for the channels or tracks that are told apart, in their order: `caller,agent`.',
  },
  languages: {
    kind: 'string-list',
    minItems: 1,
    // Whisper has half as many tokens.
    maxItems: 200,
    default: [],
    group: 'Parts of a recording',
    description:
      'Languages that may be spoken, such as `de,en`, if `language` is not given; the likeliest of them is taken.',
  },
  languagePerWindow: {
    kind: 'boolean',
    default: false,
    group: 'Parts of a recording',
    description: 'Detect the language of every window, for recordings in several languages.',
    off: 'Detect the language once.',
  },
  maxLineWidth: {
    kind: 'integer',
    minimum: 1,
    default: null,
    otherwise: 'no limit',
    group: 'Subtitles',
    description: 'Longest line of a subtitle, in characters; turns word times on.',
  },
  maxLineCount: {
    kind: 'integer',
    minimum: 1,
    default: null,
    otherwise: 'no limit',
    group: 'Subtitles',
    description: 'Most lines of a subtitle, with `maxLineWidth`; turns word times on.',
  },
  maxWordsPerLine: {
    kind: 'integer',
    minimum: 1,
    default: null,
    otherwise: 'no limit',
    group: 'Subtitles',
    description: 'Most words of a subtitle line; turns word times on.',
  },
  highlightWords: {
    kind: 'boolean',
    default: false,
    group: 'Subtitles',
    description: 'Underline each word of srt and vtt subtitles while it is said; turns word times on.',
    off: 'Do not underline words.',
  },
  ...cleanUpOptionTable,
  ...voiceActivityOptionTable,
  carryInitialPrompt: {
    kind: 'boolean',
    default: false,
    group: 'Prompts',
    description: 'With `sequential`: put `initialPrompt` before every window, not only the first.',
    off: 'Put `initialPrompt` before the first window only.',
  },
  conditionOnPreviousText: {
    kind: 'boolean',
    default: null,
    otherwise: 'as `sequential`',
    group: 'Prompts',
    description: 'With `sequential`: give each window the text before it as a prompt.',
    off: 'Do not give each window the text before it as a prompt.',
  },
  prefix: {
    kind: 'string',
    default: '',
    group: 'Prompts',
    description: 'Text that every window is made to start with, 112 tokens at most.',
  },
  beamSize: {
    kind: 'integer',
    minimum: 1,
    maximum: 16,
    default: null,
    otherwise: 'greedy',
    group: 'Decoding',
    description: 'Beams searched at temperature 0.',
  },
  patience: {
    kind: 'number',
    exclusiveMinimum: 0,
    maximum: 8,
    default: 1,
    group: 'Decoding',
    description: 'Beam search ends with `beamSize` times this many texts.',
  },
  lengthPenalty: {
    kind: 'number',
    minimum: 0,
    maximum: 1,
    default: null,
    otherwise: 'over length',
    group: 'Decoding',
    description: 'Ranks texts by likelihood over ((5 + length) / 6) to this power.',
  },
  temperature: {
    kind: 'number-list',
    minItems: 1,
    // Each may decode the window anew, while others wait.
    maxItems: 10,
    minimum: 0,
    maximum: 2,
    default: [0, 0.2, 0.4, 0.6, 0.8, 1],
    group: 'Decoding',
    description: 'Sampling temperatures, 10 at most, tried in turn while a window fails the thresholds; 0 is greedy.',
  },
  bestOf: {
    kind: 'integer',
    minimum: 1,
    maximum: 16,
    default: 1,
    group: 'Decoding',
    description: 'Texts sampled at temperatures above 0; the likeliest is taken.',
  },
  seed: {
    kind: 'integer',
    minimum: 0,
    maximum: 2 ** 31 - 1,
    default: 0,
    group: 'Decoding',
    description: 'The same seed samples the same text.',
  },
  batchSize: {
    kind: 'integer',
    minimum: 1,
    maximum: 64,
    default: null,
    otherwise: 'by the setting `preset`',
    group: 'Decoding',
    description: 'Windows decoded together, of a recording cut at pauses.',
  },
  sequential: {
    kind: 'boolean',
    default: false,
    group: 'Decoding',
    description:
      'Decode 30 s after 30 s, each led by the text before it, as openai/whisper does, instead of cutting at pauses.',
    off: 'Cut the recording at pauses.',
  },
  window: {
    kind: 'choice',
    choices: ['full', 'short'],
    default: 'full',
    group: 'Decoding',
    description:
      'What is encoded of a recording of at most 26 s: `full` 30 s, as the model was trained; `short` its speech and 4 s, which is faster. A doubtful text is decoded again from 30 s.',
  },
  withoutTimestamps: {
    kind: 'boolean',
    default: false,
    group: 'Decoding',
    description: 'Decode without timestamp tokens: one segment per window.',
    off: 'Decode with timestamp tokens.',
  },
  maxInitialTimestamp: {
    kind: 'number',
    minimum: 0,
    maximum: 30,
    default: 1,
    group: 'Decoding',
    description: 'Latest start of the first segment in a window, in seconds.',
  },
  suppressTokens: {
    kind: 'integer-list',
    minimum: -1,
    default: [-1],
    group: 'Decoding',
    description: 'Tokens never sampled; -1 stands for symbols that nobody says.',
  },
  suppressBlank: {
    kind: 'boolean',
    default: true,
    group: 'Decoding',
    description: 'A text may not start with a space alone.',
    off: 'Let a text start with a space alone.',
  },
  compressionRatioThreshold: {
    kind: 'number',
    minimum: 0,
    default: 2.4,
    group: 'When a text is doubted',
    description: 'A text that zlib shrinks more than this repeats itself and is tried again.',
  },
  logprobThreshold: {
    kind: 'number',
    maximum: 0,
    default: -1,
    group: 'When a text is doubted',
    description: 'A text less likely than this, on average per token, is tried again.',
  },
  noSpeechThreshold: {
    kind: 'number',
    minimum: 0,
    maximum: 1,
    default: 0.6,
    group: 'When a text is doubted',
    description: 'A window likelier than this to hold no speech, and with an unlikely text, is skipped.',
  },
  loopGuard: {
    kind: 'boolean',
    default: null,
    otherwise: 'as `vad`',
    group: 'When a text is doubted',
    description: 'Cut the repeats off a text that repeats itself at every temperature.',
    off: 'Keep a text that repeats itself as it is.',
  },
  hallucinationSilenceThreshold: {
    kind: 'number',
    exclusiveMinimum: 0,
    default: null,
    otherwise: 'off',
    group: 'When a text is doubted',
    description: 'With word times: skip silences longer than this many seconds around a text that looks invented.',
  },
  prependPunctuations: {
    kind: 'string',
    default: '"\'“¿([{-',
    group: 'Words',
    description: 'Marks that belong to the word after them.',
  },
  appendPunctuations: {
    kind: 'string',
    default: '"\'.。,，!！?？:：”)]}、',
    group: 'Words',
    description: 'Marks that belong to the word before them.',
  },
} as const satisfies Readonly<Record<string, OptionDefinition>>;
