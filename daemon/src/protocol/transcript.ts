import Type from 'typebox';
import { listOf, oneOf, orNull, type Shape } from './schema-parts.ts';
import { type WarningCode, warningCodes } from './warning-codes.ts';

const WordSchema = Type.Object(
  { word: Type.String(), start: Type.Number(), end: Type.Number(), probability: Type.Number() },
  { title: 'Word', additionalProperties: false },
);

export const SegmentSchema = Type.Object(
  {
    id: Type.Integer(),
    seek: Type.Integer({ description: 'Start of the window, in frames of 10 ms.' }),
    start: Type.Number(),
    end: Type.Number(),
    text: Type.String(),
    raw: Type.Optional(Type.String({ description: 'With `cleanUp` or a part of it: the text as it was decoded.' })),
    tokens: listOf(Type.Integer()),
    temperature: Type.Number(),
    avg_logprob: Type.Number(),
    compression_ratio: Type.Number(),
    no_speech_prob: Type.Number(),
    language: Type.Optional(
      Type.String({ description: 'With `languagePerWindow`, and where channels or tracks are told apart.' }),
    ),
    speaker: Type.Optional(
      Type.String({ description: 'With `audioChannels=split` or several tracks: the name of the channel or track.' }),
    ),
    track: Type.Optional(Type.Integer({ description: 'With several tracks: its number, from 1.' })),
    channel: Type.Optional(Type.Integer({ description: 'With `audioChannels=split`: its number, from 1.' })),
    words: Type.Optional(listOf(WordSchema)),
  },
  { title: 'Segment', additionalProperties: false },
);

const seconds = (description?: string) => Type.Number(description === undefined ? {} : { description });
const count = (description: string) => Type.Integer({ description });

export const TimingsSchema = Type.Object(
  {
    model_wait: seconds('Until the model was ready; close to 0 if it is warm.'),
    audio_decode: seconds(),
    voice_activity: seconds(),
    log_mel: seconds(),
    encode: seconds(),
    language_detection: seconds(),
    decode: seconds('All temperatures, prompts included.'),
    decode_prompt: seconds("The part of `decode` until each call's first token."),
    decode_host: seconds("The part of `decode` in which the engine's thread computed."),
    decode_device: seconds("The part of `decode` in which the engine's thread waited for the device."),
    align: seconds('Word times.'),
    other: seconds('The rest, including the wait for other recordings.'),
    total: seconds(),
    windows: count('Windows encoded.'),
    /** Transcripts of earlier versions have none. */
    window_seconds: Type.Optional(
      seconds('How long these windows were together: 30 s each, or less with the option `window`.'),
    ),
    decoder_steps: count('Decoder runs in `decode`, prompts included, however many rows each has.'),
    tokens: count('Tokens chosen, including those of discarded texts.'),
    draft_tokens: count('Tokens that the draft model guessed.'),
    accepted_draft_tokens: count('Guesses that were right: each saves a decoder run.'),
  },
  {
    title: 'Timings',
    additionalProperties: false,
    description: 'Where the time of the request went, in seconds, and how often the model ran.',
  },
);

export const TranscriptSchema = Type.Object(
  {
    text: Type.String(),
    raw: Type.Optional(Type.String({ description: 'With `cleanUp` or a part of it: the text as it was decoded.' })),
    segments: listOf(SegmentSchema),
    language: Type.String(),
    language_probability: orNull(Type.Number(), {
      description: 'Null if the language was given; 0 if nothing was heard to detect it from.',
    }),
    language_probabilities: orNull(Type.Record(Type.String(), Type.Number()), {
      description: 'Of every language, likeliest first; null if the language was given.',
    }),
    task: oneOf('transcribe', 'translate'),
    duration: Type.Number(),
    model: Type.String(),
    timings: TimingsSchema,
    warnings: listOf(Type.String()),
    warning_codes: Type.Optional(
      listOf(oneOf(...(Object.keys(warningCodes) as WarningCode[])), {
        description: 'Codes of the warnings that programs can act on.',
      }),
    ),
  },
  {
    title: 'Transcript',
    additionalProperties: false,
    description: "The transcript, with OpenAI's names; times are seconds.",
  },
);

export interface Word extends Shape<typeof WordSchema> {}
export interface Segment extends Shape<typeof SegmentSchema> {}
export interface Timings extends Shape<typeof TimingsSchema> {}
export interface Transcript extends Shape<typeof TranscriptSchema> {}
