import Type, { type Static } from 'typebox';

/** Options of one transcription, with OpenAI's names in camelCase: the one schema for the wire, the CLI and the document. */
export const TranscriptionOptionsSchema = Type.Object(
  {
    model: Type.Optional(
      Type.String({ minLength: 1, description: 'Model name or folder; default: the model that settings name.' }),
    ),
    language: Type.Optional(
      Type.String({
        description:
          'Language spoken, as a code (`de`, `de-AT`, `deu`) or a name (`German`, `Deutsch`); `auto` or none: detected from the first 30 s.',
      }),
    ),
    languages: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description: 'Languages that may be spoken, where `language` is not given; the likeliest of them is taken.',
      }),
    ),
    audioTrack: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description:
          'Audio track of a film or another recording with several: its number from 1, or its language; default: the one that plays by default.',
      }),
    ),
    task: Type.Optional(
      Type.Union([Type.Literal('transcribe'), Type.Literal('translate')], {
        default: 'transcribe',
        description: '`transcribe` writes what is said; `translate` writes it in English.',
      }),
    ),
    initialPrompt: Type.Optional(
      Type.String({
        description:
          'Text put before every window, for names and spelling; with `sequential` before the first. Its last 223 tokens count.',
      }),
    ),
    conditionOnPreviousText: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'With `sequential`: give each window the text before it as a prompt.',
      }),
    ),
    carryInitialPrompt: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'With `sequential`: put `initialPrompt` before every window, not only the first.',
      }),
    ),
    hotwords: Type.Optional(
      Type.String({ description: 'Names and terms put before every window, so that they are recognised.' }),
    ),
    languagePerWindow: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Detect the language of every window anew, for recordings in several languages.',
      }),
    ),
    prefix: Type.Optional(
      Type.String({ description: 'Text that every window is made to start with, 112 tokens at most.' }),
    ),
    temperature: Type.Optional(
      Type.Array(Type.Number({ minimum: 0, maximum: 2 }), {
        minItems: 1,
        default: [0, 0.2, 0.4, 0.6, 0.8, 1],
        description: 'Sampling temperatures, tried in turn while a window fails the thresholds; 0 is greedy.',
      }),
    ),
    beamSize: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 16, description: 'Beams searched at temperature 0; default: greedy.' }),
    ),
    patience: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 8,
        default: 1,
        description: 'Beam search ends with `beamSize` times this many texts.',
      }),
    ),
    bestOf: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 16,
        default: 1,
        description: 'Texts sampled at temperatures above 0; the likeliest is taken.',
      }),
    ),
    lengthPenalty: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        description: 'Ranks texts by likelihood over ((5 + length) / 6) to this power; default: over length.',
      }),
    ),
    compressionRatioThreshold: Type.Optional(
      Type.Number({
        minimum: 0,
        default: 2.4,
        description: 'A text that zlib shrinks more than this repeats itself and is tried again.',
      }),
    ),
    logprobThreshold: Type.Optional(
      Type.Number({
        maximum: 0,
        default: -1,
        description: 'A text less likely than this, on average per token, is tried again.',
      }),
    ),
    noSpeechThreshold: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1,
        default: 0.6,
        description: 'A window likelier than this to hold no speech, and with an unlikely text, is skipped.',
      }),
    ),
    suppressTokens: Type.Optional(
      Type.Array(Type.Integer({ minimum: -1 }), {
        default: [-1],
        description: 'Tokens never sampled; -1 stands for symbols that nobody says.',
      }),
    ),
    suppressBlank: Type.Optional(
      Type.Boolean({ default: true, description: 'A text may not start with a space alone.' }),
    ),
    maxInitialTimestamp: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 30,
        default: 1,
        description: 'Latest start of the first segment in a window, in seconds.',
      }),
    ),
    wordTimestamps: Type.Optional(Type.Boolean({ default: false, description: 'Times of single words.' })),
    prependPunctuations: Type.Optional(Type.String({ description: 'Marks that belong to the word after them.' })),
    appendPunctuations: Type.Optional(Type.String({ description: 'Marks that belong to the word before them.' })),
    hallucinationSilenceThreshold: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'With word times: skip silences longer than this many seconds around a text that looks invented.',
      }),
    ),
    loopGuard: Type.Optional(
      Type.Boolean({
        description: 'Cut the repeats off a text that repeats itself at every temperature; default: as `vad`.',
      }),
    ),
    clipTimestamps: Type.Optional(
      Type.Array(Type.Number({ minimum: 0 }), {
        description: 'Parts to transcribe: start, end, start, end, … in seconds.',
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2 ** 31 - 1,
        default: 0,
        description: 'The same seed samples the same text.',
      }),
    ),
    vad: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'Decode only what holds speech, so that silence, noise and music give no text.',
      }),
    ),
    vadThreshold: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, default: 0.5, description: 'Probability from which a sound is speech.' }),
    ),
    vadMinSpeech: Type.Optional(
      Type.Number({ minimum: 0, maximum: 60, default: 0.25, description: 'Shorter sounds are no speech, in seconds.' }),
    ),
    vadMinSilence: Type.Optional(
      Type.Number({ minimum: 0, maximum: 60, default: 2, description: 'Shorter silences are left in, in seconds.' }),
    ),
    vadPad: Type.Optional(
      Type.Number({ minimum: 0, maximum: 10, default: 0.4, description: 'Seconds kept before and after speech.' }),
    ),
    withoutTimestamps: Type.Optional(
      Type.Boolean({ default: false, description: 'Decode without timestamp tokens: one segment per window.' }),
    ),
    sequential: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Decode 30 s after 30 s, each led by the text before it, as openai/whisper does, instead of cutting at pauses.',
      }),
    ),
    batchSize: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 64,
        description: 'Windows decoded together, of a recording cut at pauses; default: the setting, and 1 on a CPU.',
      }),
    ),
    maxLineWidth: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Longest line of a subtitle, in characters; gives word times.' }),
    ),
    maxLineCount: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Most lines of a subtitle, with `maxLineWidth`; gives word times.' }),
    ),
    maxWordsPerLine: Type.Optional(
      Type.Integer({ minimum: 1, description: 'Most words of a subtitle line; gives word times.' }),
    ),
    highlightWords: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Underline each word of srt and vtt subtitles while it is said; gives word times.',
      }),
    ),
  },
  { title: 'TranscriptionOptions', additionalProperties: false },
);

export type TranscriptionOptions = Static<typeof TranscriptionOptionsSchema>;
