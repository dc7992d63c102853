import type { NativeModel } from '@hearth/native';
import type { LanguageProbabilities } from './detect-language.ts';
import { encodeWindow } from './encode-window.ts';
import { createPreviousText } from './previous-text.ts';
import type { WindowSegment } from './segments/split-into-segments.ts';
import { type Clip, framesPerSecond, framesPerWindow, type Window } from './segments/window.ts';
import type { SpokenLanguage } from './spoken-language.ts';
import { createTokenizer } from './tokenizer/tokenizer.ts';
import type { TranscribeRequest } from './transcribe.ts';
import { type TranscribedWindow, transcribeWindow } from './transcribe-window.ts';

export interface TranscribeClipsRequest extends TranscribeRequest {
  readonly model: NativeModel;
  readonly clips: readonly Clip[];
  readonly language: SpokenLanguage;
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
    };

/** Some clips, window after window, each led by the text before it (openai/whisper transcribe.py `transcribe`). */
export async function* transcribeClips(request: TranscribeClipsRequest): AsyncGenerator<ClipEvent, void> {
  const { vocabulary, model, options, clips } = request;
  const previousText = createPreviousText(vocabulary.encode, model.dimensions.textContext, options);
  let { lastSpeechSeconds } = request;
  for (const clip of clips) {
    let seekFrames = clip.startFrames;
    while (seekFrames < clip.endFrames) {
      const window = windowAt(seekFrames, clip);
      const encoding = await encodeWindow(request, window);
      let found: TranscribedWindow;
      let language: string;
      try {
        const heard = await request.language.of(model, encoding);
        ({ language } = heard);
        if (heard.probabilities !== undefined) {
          yield { type: 'language-detected', probabilities: heard.probabilities };
        }
        found = await transcribeWindow({
          ...request,
          window,
          encoding,
          tokenizer: createTokenizer(vocabulary, { language, task: options.task ?? 'transcribe' }),
          previousTokens: previousText.promptTokens(),
          lastSpeechSeconds,
        });
      } finally {
        encoding.close();
      }
      if (!found.skipped) {
        previousText.add(
          found.segments.flatMap((segment) => segment.tokens),
          found.isTrusted,
        );
      }
      ({ lastSpeechSeconds, nextSeekFrames: seekFrames } = found);
      yield {
        type: 'window-done',
        language,
        segments: found.segments,
        processedSeconds: Math.min(seekFrames, clip.endFrames) / framesPerSecond,
      };
    }
  }
}

function windowAt(seekFrames: number, clip: Clip): Window {
  const { startFrames: _, endFrames, ...ending } = clip;
  const leftFrames = endFrames - seekFrames;
  if (leftFrames > framesPerWindow) return { seekFrames, contentFrames: framesPerWindow };
  return { seekFrames, contentFrames: leftFrames, ...ending };
}
