import type { OptionDefinition } from './option-table.ts';
import type { GivenOptions } from './transcription-options.ts';

/** How the daemon handles a job and answers, in addition to the transcription options. */
export const answerOptionTable = {
  format: {
    kind: 'choice',
    choices: ['ndjson', 'txt', 'srt', 'vtt', 'tsv', 'json', 'md', 'lrc'],
    default: null,
    otherwise: 'by the Accept header, else json',
    group: 'The answer',
    flag: null,
    description: 'What to answer with.',
  },
  detach: {
    kind: 'boolean',
    default: false,
    group: 'The answer',
    flag: null,
    off: 'Answer when the job has ended.',
    description: 'Answer with the job at once. It continues after the connection ends, and after a restart.',
  },
  name: {
    kind: 'string',
    minLength: 1,
    maxLength: 255,
    default: null,
    otherwise: "the file's name, where it is known",
    group: 'The answer',
    flag: null,
    description: 'What the recording is called in lists and the history.',
  },
  live: {
    kind: 'boolean',
    default: false,
    group: 'Live text',
    off: 'Transcribe the recording once all of it is there.',
    description: 'Transcribe while the sound is still coming: WAV, or raw samples with `rate`.',
  },
  rate: {
    kind: 'integer',
    minimum: 1000,
    maximum: 768_000,
    default: null,
    otherwise: 'as the WAV header says',
    group: 'Live text',
    description: 'The sound is raw samples without a header, so many a second.',
  },
  channels: {
    kind: 'integer',
    minimum: 1,
    maximum: 64,
    default: null,
    otherwise: '1',
    group: 'Live text',
    flag: 'raw-channels',
    description: 'Channels of raw samples.',
  },
  encoding: {
    kind: 'choice',
    choices: ['s16', 's24', 's32', 'f32', 'u8', 'mulaw', 'alaw'],
    default: null,
    otherwise: 's16',
    group: 'Live text',
    description: 'Encoding of raw samples, little endian.',
  },
  priority: {
    kind: 'choice',
    choices: ['interactive', 'bulk'],
    default: null,
    otherwise: 'bulk for detached jobs, and recordings of more than 16 MiB or 128 parts',
    group: 'Jobs',
    description: 'A bulk job lets interactive ones pass.',
  },
  history: {
    kind: 'boolean',
    default: true,
    group: 'Jobs',
    description: 'Keep the transcript in the history.',
    off: 'Keep the transcript out of the history.',
  },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

export type AnswerOptions = GivenOptions<typeof answerOptionTable>;
export type AnswerFormat = (typeof answerOptionTable.format.choices)[number];
