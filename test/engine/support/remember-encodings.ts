import type { NativeEncoding, NativeModel } from '@hearth/native';
import type { EncodeRequest, WhisperModel } from '../../../daemon/src/whisper/whisper-model.ts';

export interface RememberedEncodings {
  /** A model that encodes each window of a recording once, however often it is decoded. */
  of(file: string): (model: WhisperModel) => WhisperModel;
  close(): void;
}

/** For tests that decode the same recordings again and again. */
export function rememberEncodings(model: () => NativeModel): RememberedEncodings {
  const remembered = new Map<string, NativeEncoding>();
  const closers: (() => void)[] = [];

  async function encode({ audio, startFrame, frameCount }: EncodeRequest): Promise<NativeEncoding> {
    const mel = await model().logMel({ audio, startFrame, frameCount });
    const [encoding] = await model().encode({ mels: [mel] });
    mel.close();
    closers.push(encoding?.close.bind(encoding) as () => void);
    return Object.defineProperty(encoding as NativeEncoding, 'close', { configurable: true, value: () => undefined });
  }

  return {
    of: (file) => (policyModel) => ({
      ...policyModel,
      async encode(request) {
        const window = `${file} ${request.startFrame} ${request.frameCount}`;
        const encoding = remembered.get(window) ?? (await encode(request));
        remembered.set(window, encoding);
        return encoding;
      },
    }),
    close() {
      for (const closeOne of closers) closeOne();
    },
  };
}
