import { createHash } from 'node:crypto';
import type { NativeEncoding, NativeMel, NativeModel } from '@hearth/native';
import { readMel } from '@hearth/native/testing';

export interface RememberingModel extends NativeModel {
  /** How many windows it was asked to encode, remembered ones included. */
  readonly windowsAsked: number;
}

/** Twenty megabytes each. */
const mostRemembered = 32;

/**
 * A model that encodes each window once, for tests that decode the same sound again and again: encoding takes most of a
 * transcription. The decoder is given the same arrays either way. Its encodings are closed by itself.
 */
export function rememberEncodings(model: NativeModel): RememberingModel {
  /** By a hash of the window's mel; the one that was used last comes last. */
  const remembered = new Map<string, Promise<NativeEncoding>>();
  const closers = new WeakMap<NativeEncoding, () => void>();
  let windowsAsked = 0;

  async function encode({ mels, signal }: Parameters<NativeModel['encode']>[0]): Promise<readonly NativeEncoding[]> {
    windowsAsked += mels.length;
    const encodings: NativeEncoding[] = [];
    for (const mel of mels) encodings.push(await encodingOf(mel, signal));
    return encodings;
  }

  async function encodingOf(mel: NativeMel, signal?: AbortSignal): Promise<NativeEncoding> {
    const window = createHash('sha1').update(readMel(mel)).digest('hex');
    const encoding = remembered.get(window) ?? encodeOne(mel, signal);
    remembered.delete(window);
    remembered.set(window, encoding);
    for (const [oldest, old] of [...remembered].slice(0, -mostRemembered)) {
      remembered.delete(oldest);
      void old.then(close, () => undefined);
    }
    return encoding.catch((error: unknown) => {
      remembered.delete(window);
      throw error;
    });
  }

  async function encodeOne(mel: NativeMel, signal?: AbortSignal): Promise<NativeEncoding> {
    const [encoding] = (await model.encode({ mels: [mel], signal })) as [NativeEncoding];
    closers.set(encoding, encoding.close.bind(encoding));
    // Whoever counts open encodings puts a `close` of its own in this one's place.
    return Object.defineProperty(encoding, 'close', { configurable: true, value: () => undefined });
  }

  function close(encoding: NativeEncoding): void {
    closers.get(encoding)?.();
  }

  function closeAll(): void {
    for (const encoding of remembered.values()) void encoding.then(close, () => undefined);
    remembered.clear();
    model.close();
  }

  // The addon's classes know only their own objects, so that all else goes to the model itself.
  return new Proxy(model, {
    get(_, name) {
      if (name === 'windowsAsked') return windowsAsked;
      if (name === 'encode') return encode;
      if (name === 'close') return closeAll;
      const value: unknown = Reflect.get(model, name, model);
      return typeof value === 'function' ? value.bind(model) : value;
    },
  }) as RememberingModel;
}
