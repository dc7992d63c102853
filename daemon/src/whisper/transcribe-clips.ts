import type { NativeModel } from '@hearth/native';
import type { LanguageProbabilities } from './detect-language.ts';
import { encodeWindow } from './encode-window.ts';
import type { LeadingText } from './leading-text.ts';
import { createPreviousText } from './previous-text.ts';
import { recoverMissedSpeech } from './recovery/recover-missed-speech.ts';
import type { WindowSegment } from './segments/split-into-segments.ts';
import { type Clip, framesPerSecond, framesPerWindow, type Window } from './segments/window.ts';
import type { SpokenLanguage } from './spoken-language.ts';
import { createTokenizer } from './tokenizer/tokenizer.ts';
import type { TranscribeRequest } from './transcribe.ts';
import { type TranscribedWindow, type TranscribeWindowRequest, transcribeWindow } from './transcribe-window.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';

/** Segments that a window before can reach into this one with. */
const neighbourCount = 8;

export interface TranscribeClipsRequest extends TranscribeRequest {
  readonly model: NativeModel;
  readonly clips: readonly Clip[];
  readonly language: SpokenLanguage;
  readonly leadingText: LeadingText;
  /** What voice activity heard in the recording, cut at every pause; null where it was not asked. */
  readonly spoken: readonly SpeechRange[] | null;
  /** Frames of the whole recording. */
  readonly totalFrames: number;
  /** Where the speech before these clips ended. */
  readonly lastSpeechSeconds: number;
}

export type ClipEvent =
  | { readonly type: 'language-detected'; readonly probabilities: LanguageProbabilities }
  | {
      readonly type: 'window-done';
      readonly language: string;
      readonly segments: readonly WindowSegment[];
      readonly processedSeconds: number;
      /** Speech that has no text. */
      readonly missed: readonly SpeechRange[];
    };

/**
 * Some clips, window after window (openai/whisper transcribe.py `transcribe`), each led by the text before it where the
 * option `sequential` asks for that.
 */
export async function* transcribeClips(request: TranscribeClipsRequest): AsyncGenerator<ClipEvent, void> {
  const { vocabulary, model, options, clips } = request;
  const { sequential, conditionOnPreviousText, carryInitialPrompt } = options;
  const { always, initial } = request.leadingText;
  const previousText = createPreviousText(request.leadingText, {
    isLed: sequential && conditionOnPreviousText,
    carriesInitial: carryInitialPrompt,
  });
  let { lastSpeechSeconds } = request;
  let before: readonly WindowSegment[] = [];
  for (const clip of clips) {
    let seekFrames = clip.startFrames;
    while (seekFrames < clip.endFrames) {
      const window = windowAt(seekFrames, clip);
      const encoding = await encodeWindow(request, window);
      let found: TranscribedWindow;
      let language: string;
      let windowRequest: TranscribeWindowRequest;
      try {
        const heard = await request.language.of(model, encoding);
        ({ language } = heard);
        if (heard.probabilities !== undefined) {
          yield { type: 'language-detected', probabilities: heard.probabilities };
        }
        windowRequest = {
          ...request,
          window,
          encoding,
          tokenizer: createTokenizer(vocabulary, { language, task: options.task }),
          previousTokens: previousText.promptTokens(),
          clientTokens: [...always, ...initial],
          lastSpeechSeconds,
        };
        found = await transcribeWindow(windowRequest);
      } finally {
        encoding.close();
      }
      const { segments, missed } = await completed(windowRequest, found, {
        before,
        language: request.language,
      });
      if (!found.skipped || segments.length > 0) {
        previousText.add(
          segments.flatMap((segment) => segment.tokens),
          found.isTrusted,
        );
      }
      ({ lastSpeechSeconds, nextSeekFrames: seekFrames } = found);
      before = [...before, ...segments].slice(-neighbourCount);
      yield {
        type: 'window-done',
        language,
        segments,
        processedSeconds: Math.min(seekFrames, clip.endFrames) / framesPerSecond,
        missed,
      };
    }
  }
}

/** A window's segments and those of speech that it left out. */
async function completed(
  request: TranscribeWindowRequest,
  { segments, nextSeekFrames, isTrusted, passesThresholds }: TranscribedWindow,
  { before, language }: { readonly before: readonly WindowSegment[]; readonly language: SpokenLanguage },
): Promise<{ readonly segments: readonly WindowSegment[]; readonly missed: readonly SpeechRange[] }> {
  const { spoken } = request;
  if (spoken === null) return { segments, missed: [] };
  const isSure = isTrusted && passesThresholds;
  return recoverMissedSpeech({ ...request, segments, nextSeekFrames, isSure, language, before, spoken });
}

function windowAt(seekFrames: number, clip: Clip): Window {
  const { startFrames: _, endFrames, ...ending } = clip;
  const leftFrames = endFrames - seekFrames;
  if (leftFrames > framesPerWindow) return { seekFrames, contentFrames: framesPerWindow };
  return { seekFrames, contentFrames: leftFrames, ...ending };
}
