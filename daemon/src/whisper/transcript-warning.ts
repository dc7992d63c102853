/** What a program may act on; the message is for people. */
export type WarningCode =
  | 'hotwords-shortened'
  | 'initial-prompt-shortened'
  | 'no-speech'
  | 'not-translated'
  | 'option-without-effect'
  | 'quiet-recording'
  | 'speech-without-text';

/** Something about a transcript that its reader should know. */
export interface TranscriptWarning {
  readonly code: WarningCode;
  /** One or more whole sentences. */
  readonly message: string;
}
