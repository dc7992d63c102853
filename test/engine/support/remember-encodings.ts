import { createHash } from 'node:crypto';
import type { EncodeRequest, NativeEncoding, NativeModel, NativeSession } from '@hearth/native';
import { readLogMel } from '@hearth/native/testing';

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

  function session(request: Parameters<NativeModel['session']>[0]): NativeSession {
    const own = model.session(request);
    return proxyOf(own, { encode: (window: EncodeRequest) => encode(own, window) });
  }

  async function encode(own: NativeSession, request: EncodeRequest): Promise<NativeEncoding> {
    windowsAsked += 1;
    const mel = await readLogMel({ model, ...request });
    const window = createHash('sha1').update(mel).digest('hex');
    const encoding = remembered.get(window) ?? encodeOne(own, request);
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

  async function encodeOne(own: NativeSession, request: EncodeRequest): Promise<NativeEncoding> {
    const encoding = await own.encode(request);
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

  return proxyOf(model, {
    session,
    close: closeAll,
    get windowsAsked() {
      return windowsAsked;
    },
  });
}

/** An object with some properties in the place of its own. The addon's classes know only their own objects. */
function proxyOf<Target extends object, Instead extends object>(target: Target, instead: Instead): Target & Instead {
  return new Proxy(target, {
    get(_, name) {
      const value: unknown = name in instead ? Reflect.get(instead, name) : Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as Target & Instead;
}
