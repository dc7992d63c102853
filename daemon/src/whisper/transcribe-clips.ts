import { hearWindow, type LanguageDetected } from './hear-window.ts';
import { createPreviousText } from './previous-text.ts';
import { recoverMissedSpeech } from './recovery/recover-missed-speech.ts';
import type { WindowSegment } from './segments/split-into-segments.ts';
import { type Clip, framesPerSecond, framesPerWindow, type Window } from './segments/window.ts';
import type { Transcription } from './transcription.ts';
import type { SpeechRange } from './voice-activity/speech-ranges.ts';

/** Segments that a window before can reach into this one with. */
const neighbourCount = 8;

export type ClipEvent =
  | LanguageDetected
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
  const { options, leadingText, hearsShortWindows } = transcription;
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
      const { found, tokenizer } = yield* hearWindow(transcription, {
        window,
        mayBeShort: hearsShortWindows && seekFrames === clip.startFrames,
        previousTokens,
        clientTokens,
        lastSpeechSeconds: lastSpeech,
      });
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
