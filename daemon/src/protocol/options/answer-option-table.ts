import type { OptionDefinition } from './option-table.ts';
import type { GivenOptions } from './transcription-options.ts';

/** How the daemon handles a job and answers, in addition to the transcription options. */
export const answerOptionTable = {
  format: {
    kind: 'choice',
    choices: ['ndjson', 'txt', 'srt', 'vtt', 'tsv', 'json'],
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
  priority: {
    kind: 'choice',
    choices: ['interactive', 'bulk'],
    default: null,
    otherwise: 'bulk for detached jobs and recordings of more than 16 MiB',
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
