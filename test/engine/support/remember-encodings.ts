import type { NativeEncoding, NativeMel, NativeModel } from '@hearth/native';

/** Encodings by the window of a recording that they are of. */
export type RememberedEncodings = Map<string, NativeEncoding>;

/**
 * A model that encodes each window of a recording once, for tests that decode the same recordings again and again. The
 * decoder is given the same arrays either way. Whoever makes the map closes what is in it.
 */
export function rememberEncodings(model: NativeModel, file: string, remembered: RememberedEncodings): NativeModel {
  const windows = new WeakMap<NativeMel, string>();
  return Object.create(model, {
    logMel: {
      value: async (request: Parameters<NativeModel['logMel']>[0]) => {
        const mel = await model.logMel(request);
        windows.set(mel, `${file} ${request.startFrame} ${request.frameCount}`);
        return mel;
      },
    },
    encode: {
      value: async (request: Parameters<NativeModel['encode']>[0]) => {
        const window = request.mels.length === 1 ? windows.get(request.mels[0] as NativeMel) : undefined;
        if (window === undefined) return model.encode(request);
        let encoding = remembered.get(window);
        if (encoding === undefined) {
          encoding = await model.encode(request);
          remembered.set(window, encoding);
        }
        return model.joinEncodings([{ encoding }]);
      },
    },
  }) as NativeModel;
}
