import type { TranscriptionOptions } from '../options/transcription-options.ts';

/** One transcription option as the command line offers it. */
export interface TranscriptionFlag {
  readonly option: keyof TranscriptionOptions;
  readonly kind:
    | 'string'
    | 'number'
    | 'integer'
    | 'boolean'
    | 'choice'
    | 'string-list'
    | 'number-list'
    | 'integer-list';
  readonly choices?: readonly string[];
  /** What each number must lie in; the schema checks it again. */
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly default?: string | number | boolean | readonly (string | number)[];
  readonly description: string;
}
