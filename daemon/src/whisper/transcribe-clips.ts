import type { LanguageProbabilities } from './detect-language.ts';
import { createPreviousText } from './previous-text.ts';
import { recoverMissedSpeech } from './recovery/recover-missed-speech.ts';
import type { WindowSegment } from './segments/split-into-segments.ts';
import { type Clip, framesPerSecond, framesPerWindow, type Window } from './segments/window.ts';
import { createTokenizer, type Tokenizer } from './tokenizer/tokenizer.ts';
import { type TranscribedWindow, transcribeWindow } from './transcribe-window.ts';
import type { Transcription } from './transcription.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';

/** Segments that a window before can reach into this one with. */
const neighbourCount = 8;

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
 * option `sequential` asks for that. The speech before them ended at `lastSpeechSeconds`.
 */
export async function* transcribeClips(
  transcription: Transcription,
  clips: readonly Clip[],
  lastSpeechSeconds: number,
): AsyncGenerator<ClipEvent, void> {
  const { model, vocabulary, options, audio, totalFrames, leadingText, spoken, onPartial } = transcription;
  const { sequential, conditionOnPreviousText, carryInitialPrompt } = options;
  const clientTokens = [...leadingText.always, ...leadingText.initial];
  const previousText = createPreviousText(leadingText, {
    isLed: sequential && conditionOnPreviousText,
    carriesInitial: carryInitialPrompt,
  });
  let lastSpeech = lastSpeechSeconds;
  let before: readonly WindowSegment[] = [];
  for (const clip of clips) {
    let seekFrames = clip.startFrames;
    while (seekFrames < clip.endFrames) {
      const window = windowAt(seekFrames, clip);
      const previousTokens = previousText.promptTokens();
      const encoding = await model.encode({ audio, startFrame: seekFrames, frameCount: window.contentFrames });
      let found: TranscribedWindow;
      let tokenizer: Tokenizer;
      try {
        const { language, probabilities } = await transcription.language.of(model, encoding);
        if (probabilities !== undefined) yield { type: 'language-detected', probabilities };
        tokenizer = createTokenizer(vocabulary, { language, task: options.task });
        found = await transcribeWindow({
          model,
          tokenizer,
          options,
          window,
          encoding,
          previousTokens,
          clientTokens,
          lastSpeechSeconds: lastSpeech,
          totalFrames,
          spoken,
          onPartial,
        });
      } finally {
        encoding.close();
      }
      const { segments, missed } = await recoverMissedSpeech(transcription, {
        window,
        tokenizer,
        previousTokens,
        lastSpeechSeconds: lastSpeech,
        found,
        before,
      });
      if (!found.skipped || segments.length > 0) {
        previousText.add(
          segments.flatMap((segment) => segment.tokens),
          found.isTrusted,
        );
      }
      lastSpeech = found.lastSpeechSeconds;
      seekFrames = found.nextSeekFrames;
      before = [...before, ...segments].slice(-neighbourCount);
      const processedSeconds = Math.min(seekFrames, clip.endFrames) / framesPerSecond;
      yield { type: 'window-done', language: tokenizer.language, segments, processedSeconds, missed };
    }
  }
}

function windowAt(seekFrames: number, clip: Clip): Window {
  const { startFrames: _, endFrames, ...ending } = clip;
  const leftFrames = endFrames - seekFrames;
  if (leftFrames > framesPerWindow) return { seekFrames, contentFrames: framesPerWindow };
  return { seekFrames, contentFrames: leftFrames, ...ending };
}
