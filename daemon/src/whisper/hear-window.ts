import type { LanguageProbabilities } from './detect-language.ts';
import { encodeWindow } from './encode-window.ts';
import { framesPerWindow, type Window } from './segments/window.ts';
import { isWholeText } from './short-windows/is-whole-text.ts';
import { shortWindowFrames } from './short-windows/short-window-frames.ts';
import { createTokenizer, type Tokenizer } from './tokenizer/tokenizer.ts';
import { type TranscribedWindow, transcribeWindow } from './transcribe-window.ts';
import type { Transcription } from './transcription.ts';

export interface HearWindowRequest {
  readonly window: Window;
  /** The window may be encoded as short as its sound allows. Without voice activity it is not: nothing checks its text. */
  readonly mayBeShort: boolean;
  readonly previousTokens: readonly number[];
  /** Those of them that the client gave. */
  readonly clientTokens: readonly number[];
  readonly lastSpeechSeconds: number;
}

export interface HeardWindow {
  readonly found: TranscribedWindow;
  readonly tokenizer: Tokenizer;
}

export interface LanguageDetected {
  readonly type: 'language-detected';
  readonly probabilities: LanguageProbabilities;
}

/**
 * What a window says: encoded, its language detected where it is not known, and decoded. A short window is decoded once;
 * where its text is doubtful, the full one is heard in its place, as if there had been no other.
 */
export async function* hearWindow(
  transcription: Transcription,
  request: HearWindowRequest,
): AsyncGenerator<LanguageDetected, HeardWindow> {
  const { spoken, options, language: spokenLanguage } = transcription;
  const windowFrames = shortWindowFrames(request.window.contentFrames);
  if (request.mayBeShort && spoken !== null && windowFrames < framesPerWindow) {
    const decodedOnce = { ...options, temperature: options.temperature.slice(0, 1), loopGuard: false };
    const steps = hear({ ...transcription, options: decodedOnce }, request, windowFrames);
    const { events, heard } = await finish(steps);
    const { window } = request;
    if (isWholeText(heard.found, { window, spoken, endOfText: heard.tokenizer.special.endOfText })) {
      yield* events;
      return heard;
    }
    spokenLanguage.forget();
  }
  return yield* hear(transcription, request, framesPerWindow);
}

async function* hear(
  transcription: Transcription,
  { window, previousTokens, clientTokens, lastSpeechSeconds }: HearWindowRequest,
  windowFrames: number,
): AsyncGenerator<LanguageDetected, HeardWindow> {
  const { model, vocabulary, options, totalFrames, spoken, onPartial, dictionary } = transcription;
  const { seekFrames: startFrame, contentFrames: frameCount } = window;
  const { encoding } = await encodeWindow(transcription, { startFrame, frameCount, windowFrames });
  try {
    const { language, probabilities } = await transcription.language.of(model, encoding);
    if (probabilities !== undefined) yield { type: 'language-detected', probabilities };
    const tokenizer = createTokenizer(vocabulary, { language, task: options.task });
    const found = await transcribeWindow({
      model,
      tokenizer,
      options,
      window,
      encoding,
      previousTokens,
      clientTokens,
      draft: startFrame === 0 ? transcription.draft : undefined,
      lastSpeechSeconds,
      totalFrames,
      spoken,
      onPartial,
      dictionary,
    });
    return { found, tokenizer };
  } finally {
    encoding.close();
  }
}

/** What a window turned out to say, and the events on the way, which nobody has heard of yet. */
async function finish(
  steps: AsyncGenerator<LanguageDetected, HeardWindow>,
): Promise<{ readonly events: readonly LanguageDetected[]; readonly heard: HeardWindow }> {
  const events: LanguageDetected[] = [];
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return { events, heard: value };
    events.push(value);
  }
}
