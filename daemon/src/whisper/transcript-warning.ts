import type { WarningCode } from '../protocol/warning-codes.ts';

/** Something about a transcript that its reader should know. */
export interface TranscriptWarning {
  readonly code: WarningCode;
  /** One or more whole sentences. */
  readonly message: string;
}
