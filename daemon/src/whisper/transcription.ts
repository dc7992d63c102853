import type { NativeComingAudio } from '@hearth/native';
import type { Dictionary } from '../dictionary/create-dictionary.ts';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import type { LeadingText } from './leading-text.ts';
import type { SpokenLanguage } from './spoken-language.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';
import type { WhisperModel } from './whisper-model.ts';

/** What all windows of a recording have in common. */
export interface Transcription {
  readonly model: WhisperModel;
  readonly vocabulary: Vocabulary;
  readonly options: ResolvedOptions;
  readonly audio: NativeComingAudio;
  /** Frames of the whole recording; infinitely many where its end need not be known. */
  readonly totalFrames: number;
  readonly language: SpokenLanguage;
  readonly leadingText: LeadingText;
  /** What voice activity heard so far, cut at every pause; null where it was not asked. */
  readonly spoken: readonly SpeechRange[] | null;
  /** A clip's first window may be encoded as short as its sound allows: for a recording of one window. */
  readonly hearsShortWindows: boolean;
  /** What its first window was heard as before. */
  readonly draft: readonly number[] | undefined;
  readonly onPartial: ((partial: PartialText) => void) | undefined;
  /** Names and terms to recognise; undefined where nobody wants them. */
  readonly dictionary: Dictionary | undefined;
}

/** Text of a window while it is being decoded: all of it so far. */
export interface PartialText {
  readonly text: string;
  readonly startSeconds: number;
}
