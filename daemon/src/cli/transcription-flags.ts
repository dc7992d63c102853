import type { TranscriptionFlag } from './transcription-flag.ts';

/** Written from options/transcription-options.ts by `npm run generate`, whose library takes too long to load here. */
export const transcriptionFlags: readonly TranscriptionFlag[] = [
  {
    option: 'model',
    kind: 'string',
    description: 'Model name or folder; default: the model that settings name.',
  },
  {
    option: 'language',
    kind: 'string',
    description:
      'Language spoken, as a code (`de`, `de-AT`, `deu`) or a name (`German`, `Deutsch`); `auto` or none: detected from the first 30 s.',
  },
  {
    option: 'task',
    kind: 'choice',
    choices: ['transcribe', 'translate'],
    default: 'transcribe',
    description: '`transcribe` writes what is said; `translate` writes it in English.',
  },
  {
    option: 'initialPrompt',
    kind: 'string',
    description: 'Text put before the first window, for names and spelling.',
  },
  {
    option: 'conditionOnPreviousText',
    kind: 'boolean',
    default: true,
    description: 'Give each window the text before it as a prompt.',
  },
  {
    option: 'carryInitialPrompt',
    kind: 'boolean',
    default: false,
    description: 'Put `initialPrompt` before every window, not only the first.',
  },
  {
    option: 'hotwords',
    kind: 'string',
    description: 'Names and terms put before every window, so that they are recognised.',
  },
  {
    option: 'languagePerWindow',
    kind: 'boolean',
    default: false,
    description: 'Detect the language of every window anew, for recordings in several languages.',
  },
  {
    option: 'prefix',
    kind: 'string',
    description: 'Text that every window is made to start with.',
  },
  {
    option: 'temperature',
    kind: 'number-list',
    default: [0, 0.2, 0.4, 0.6, 0.8, 1],
    description: 'Sampling temperatures, tried in turn while a window fails the thresholds; 0 is greedy.',
  },
  {
    option: 'beamSize',
    kind: 'integer',
    description: 'Beams searched at temperature 0; default: greedy.',
  },
  {
    option: 'patience',
    kind: 'number',
    default: 1,
    description: 'Beam search ends with `beamSize` times this many texts.',
  },
  {
    option: 'bestOf',
    kind: 'integer',
    default: 1,
    description: 'Texts sampled at temperatures above 0; the likeliest is taken.',
  },
  {
    option: 'lengthPenalty',
    kind: 'number',
    description: 'Ranks texts by likelihood over ((5 + length) / 6) to this power; default: over length.',
  },
  {
    option: 'compressionRatioThreshold',
    kind: 'number',
    default: 2.4,
    description: 'A text that zlib shrinks more than this repeats itself and is tried again.',
  },
  {
    option: 'logprobThreshold',
    kind: 'number',
    default: -1,
    description: 'A text less likely than this, on average per token, is tried again.',
  },
  {
    option: 'noSpeechThreshold',
    kind: 'number',
    default: 0.6,
    description: 'A window likelier than this to hold no speech, and with an unlikely text, is skipped.',
  },
  {
    option: 'suppressTokens',
    kind: 'integer-list',
    default: [-1],
    description: 'Tokens never sampled; -1 stands for symbols that nobody says.',
  },
  {
    option: 'suppressBlank',
    kind: 'boolean',
    default: true,
    description: 'A text may not start with a space alone.',
  },
  {
    option: 'maxInitialTimestamp',
    kind: 'number',
    default: 1,
    description: 'Latest start of the first segment in a window, in seconds.',
  },
  {
    option: 'wordTimestamps',
    kind: 'boolean',
    default: false,
    description: 'Times of single words.',
  },
  {
    option: 'prependPunctuations',
    kind: 'string',
    description: 'Marks that belong to the word after them.',
  },
  {
    option: 'appendPunctuations',
    kind: 'string',
    description: 'Marks that belong to the word before them.',
  },
  {
    option: 'hallucinationSilenceThreshold',
    kind: 'number',
    description: 'With word times: skip silences longer than this many seconds around a text that looks invented.',
  },
  {
    option: 'loopGuard',
    kind: 'boolean',
    description: 'Cut the repeats off a text that repeats itself at every temperature; default: as `vad`.',
  },
  {
    option: 'clipTimestamps',
    kind: 'number-list',
    description: 'Parts to transcribe: start, end, start, end, … in seconds.',
  },
  {
    option: 'seed',
    kind: 'integer',
    default: 0,
    description: 'The same seed samples the same text.',
  },
  {
    option: 'vad',
    kind: 'boolean',
    default: true,
    description: 'Decode only what holds speech, so that silence, noise and music give no text.',
  },
  {
    option: 'vadThreshold',
    kind: 'number',
    default: 0.5,
    description: 'Probability from which a sound is speech.',
  },
  {
    option: 'vadMinSpeech',
    kind: 'number',
    default: 0.25,
    description: 'Shorter sounds are no speech, in seconds.',
  },
  {
    option: 'vadMinSilence',
    kind: 'number',
    default: 2,
    description: 'Shorter silences are left in, in seconds.',
  },
  {
    option: 'vadPad',
    kind: 'number',
    default: 0.4,
    description: 'Seconds kept before and after speech.',
  },
  {
    option: 'withoutTimestamps',
    kind: 'boolean',
    default: false,
    description: 'Decode without timestamp tokens: one segment per window.',
  },
  {
    option: 'batchSize',
    kind: 'integer',
    description:
      'Windows decoded together: from 2 on a long recording is cut at pauses and text leads no other window; default: the setting.',
  },
  {
    option: 'maxLineWidth',
    kind: 'integer',
    description: 'Longest line of a subtitle, in characters; gives word times.',
  },
  {
    option: 'maxLineCount',
    kind: 'integer',
    description: 'Most lines of a subtitle, with `maxLineWidth`; gives word times.',
  },
  {
    option: 'maxWordsPerLine',
    kind: 'integer',
    description: 'Most words of a subtitle line; gives word times.',
  },
  {
    option: 'highlightWords',
    kind: 'boolean',
    default: false,
    description: 'Underline each word of srt and vtt subtitles while it is said; gives word times.',
  },
];
