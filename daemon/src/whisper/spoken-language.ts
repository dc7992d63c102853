import type { NativeEncoding } from '@hearth/native';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import { detectLanguage, type LanguageProbabilities } from './detect-language.ts';
import { resolveCandidates, resolveLanguage } from './resolve-language.ts';
import type { Vocabulary } from './tokenizer/vocabulary.ts';
import type { WhisperModel } from './whisper-model.ts';

/** What a recording is spoken in: as it was given, as its first window sounds, or each window as it sounds. */
export interface SpokenLanguage {
  /** The code of the language that the client named. */
  readonly given: string | undefined;
  /** Resolves when no window waits for the first one any more; rejects when the first one failed. */
  readonly known: Promise<void>;
  /** The language of a window, and all probabilities where it was detected in this one. */
  of(
    model: WhisperModel,
    encoding: NativeEncoding,
  ): Promise<{ readonly language: string; readonly probabilities?: LanguageProbabilities }>;
  /** What a part of the recording sounds like, whatever the rest does. */
  detect(model: WhisperModel, encoding: NativeEncoding): Promise<LanguageProbabilities>;
  /** What a window sounded like does not count: the next one is detected again. */
  forget(): void;
  /** Whatever became of the first window, the others do not wait for it any longer. */
  stopWaiting(failure?: unknown): void;
}

/** @throws `OPTION_INVALID` for a language or task that the model lacks */
export function createSpokenLanguage(options: ResolvedOptions, vocabulary: Vocabulary): SpokenLanguage {
  const inEveryWindow = options.languagePerWindow;
  const given = resolveLanguage(options, vocabulary);
  const candidates = resolveCandidates(options, vocabulary);
  let language = given;
  const { promise: known, resolve, reject } = Promise.withResolvers<void>();
  known.catch(() => undefined);
  const detect = (model: WhisperModel, encoding: NativeEncoding) =>
    detectLanguage(model, encoding, { vocabulary, candidates });
  if (language !== undefined || inEveryWindow) resolve();
  return {
    given,
    known,
    detect,
    forget() {
      language = given;
    },
    stopWaiting: (failure) => (failure === undefined ? resolve() : reject(failure)),
    async of(model, encoding) {
      if (language !== undefined) return { language };
      const probabilities = await detect(model, encoding);
      const [likeliest] = probabilities;
      if (!inEveryWindow) ({ language } = likeliest);
      resolve();
      return { language: likeliest.language, probabilities };
    },
  };
}
