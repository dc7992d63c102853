import { createHash } from 'node:crypto';
import type { EncodeRequest, NativeEncoding, NativeModel, NativeSession } from '@hearth/native';
import { encodingOf, readFeatures, readLogMel } from '@hearth/native/testing';
import { embeddedModelFolder } from '../fork-engine.ts';
import { featuresAreStored, readStoredFeatures, storeFeatures } from './stored-features.ts';

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

interface Memory {
  readonly mostRemembered?: number;
  /** The folder of its weights. With the embedded model's, other processes of this run get what is encoded here. */
  readonly folder?: string;
  /** What to take from them. Default: every window. */
  readonly takes?: 'every window' | 'first windows' | 'nothing';
}

/**
 * A model that encodes each window once, for tests that decode the same sound again and again: encoding takes most of a
 * transcription. The decoder is given the same arrays either way. What the embedded model encodes on a CPU is encoded once
 * in all processes of a run of the tests.
 */
export function rememberEncodings(
  model: NativeModel,
  { mostRemembered = defaultMost, folder, takes = 'every window' }: Memory = {},
): RememberingModel {
  const { operations, arithmetic, draft } = model;
  const computesPlainly = operations === 'cpu' && arithmetic === 'exact' && draft === null;
  const isStored = featuresAreStored && folder === embeddedModelFolder && computesPlainly;
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
    const window = `${createHash('sha1').update(mel).digest('hex')}-${request.windowFrames ?? 3000}`;
    const found = remembered.get(window) ?? { encoding: encodeOne(own, request, window), session: own };
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

  async function encodeOne(own: NativeSession, request: EncodeRequest, window: string): Promise<NativeEncoding> {
    const encoding = isStored ? await encodeOnceInAll(own, request, window) : await own.encode(request);
    const close = encoding.close.bind(encoding);
    uses.set(encoding, { count: 0, isForgotten: false, close });
    // Whoever counts open encodings puts a `close` of its own in this one's place.
    return Object.defineProperty(encoding, 'close', { configurable: true, value: () => use(encoding, -1) });
  }

  async function encodeOnceInAll(own: NativeSession, request: EncodeRequest, window: string): Promise<NativeEncoding> {
    const isTaken = takes === 'every window' || (takes === 'first windows' && request.startFrame === 0);
    const features = isTaken ? await readStoredFeatures(window) : null;
    if (features !== null) return encodingOf({ model, features });
    const encoding = await own.encode(request);
    await storeFeatures(window, await readFeatures(encoding));
    return encoding;
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
