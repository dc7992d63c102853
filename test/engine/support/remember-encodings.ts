import type { NativeEncoding } from '@hearth/native';
import type { WhisperModel } from '../../../daemon/src/whisper/whisper-model.ts';

export interface RememberedEncodings {
  /** `encode` of a model that encodes each window of a recording once, however often it is decoded. */
  of(file: string, model: WhisperModel): WhisperModel['encode'];
  close(): void;
}

/** For tests that decode the same recordings again and again. */
export function rememberEncodings(): RememberedEncodings {
  const remembered = new Map<string, NativeEncoding>();
  const closers: (() => void)[] = [];
  return {
    of: (file, model) => async (request) => {
      const window = `${file} ${request.startFrame} ${request.frameCount}`;
      const known = remembered.get(window);
      if (known !== undefined) return known;
      const encoding = await model.encode(request);
      closers.push(encoding.close.bind(encoding));
      const kept = Object.assign(encoding, { close: () => undefined });
      remembered.set(window, kept);
      return kept;
    },
    close() {
      for (const close of closers) close();
    },
  };
}
