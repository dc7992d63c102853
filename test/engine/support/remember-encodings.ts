import { createHash } from 'node:crypto';
import type { EncodeRequest, NativeEncoding, NativeModel, NativeSession } from '@hearth/native';
import { readLogMel } from '@hearth/native/testing';

export interface RememberingModel extends NativeModel {
  /** How many windows it was asked to encode, remembered ones included. */
  readonly windowsAsked: number;
}

/** Twenty megabytes each. */
const defaultMost = 32;

interface Remembered {
  readonly encoding: Promise<NativeEncoding>;
  /** Whose end may have been what kept it from being encoded. */
  readonly session: NativeSession;
}

/**
 * A model that encodes each window once, for tests that decode the same sound again and again: encoding takes most of a
 * transcription. The decoder is given the same arrays either way.
 */
export function rememberEncodings(model: NativeModel, mostRemembered = defaultMost): RememberingModel {
  /** By a hash of the window's mel; the one that was used last comes last. */
  const remembered = new Map<string, Remembered>();
  const uses = new WeakMap<NativeEncoding, { count: number; isForgotten: boolean; readonly close: () => void }>();
  let windowsAsked = 0;

  function session(request: Parameters<NativeModel['session']>[0]): NativeSession {
    const own = model.session(request);
    return proxyOf(own, { encode: (window: EncodeRequest) => encode(own, window) });
  }

  async function encode(own: NativeSession, request: EncodeRequest): Promise<NativeEncoding> {
    windowsAsked += 1;
    const mel = await readLogMel({ model, ...request });
    const window = createHash('sha1').update(mel).digest('hex');
    const found = remembered.get(window) ?? { encoding: encodeOne(own, request), session: own };
    remembered.delete(window);
    remembered.set(window, found);
    for (const [oldest, old] of [...remembered].slice(0, -mostRemembered)) {
      remembered.delete(oldest);
      forget(old);
    }
    return found.encoding.then(
      (encoding) => use(encoding, 1),
      (error: unknown) => {
        remembered.delete(window);
        if (found.session !== own) return encode(own, request);
        throw error;
      },
    );
  }

  async function encodeOne(own: NativeSession, request: EncodeRequest): Promise<NativeEncoding> {
    const encoding = await own.encode(request);
    const close = encoding.close.bind(encoding);
    uses.set(encoding, { count: 0, isForgotten: false, close });
    // Whoever counts open encodings puts a `close` of its own in this one's place.
    return Object.defineProperty(encoding, 'close', { configurable: true, value: () => use(encoding, -1) });
  }

  /** One that is not remembered any more goes with its last user. */
  function use(encoding: NativeEncoding, change: 1 | -1): NativeEncoding {
    const found = uses.get(encoding);
    if (found === undefined) return encoding;
    found.count += change;
    if (found.isForgotten && found.count <= 0) found.close();
    return encoding;
  }

  function forget({ encoding }: Remembered): void {
    void encoding.then(
      (done) => {
        const found = uses.get(done);
        if (found === undefined) return;
        found.isForgotten = true;
        if (found.count <= 0) found.close();
      },
      () => undefined,
    );
  }

  function closeAll(): void {
    for (const each of remembered.values()) forget(each);
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
