import type { DecodeRequest, EncodeRequest, NativeEncoding, NativeModel, NativeSession } from '@hearth/native';

/** A text that was decoded, whose window is still there. */
export interface DecodedText {
  readonly session: NativeSession;
  readonly request: DecodeRequest;
  readonly tokens: readonly number[];
  /** Frames of the window that hold sound. */
  readonly contentFrames: number;
}

export interface Observer {
  encoded?(request: EncodeRequest): void;
  decoded?(text: DecodedText): Promise<void>;
}

/** A model that tells somebody what its sessions ask of it. */
export function observedModel(model: NativeModel, observer: Observer): NativeModel {
  return new Proxy(model, {
    get(target, name) {
      if (name === 'session') {
        return (request: Parameters<NativeModel['session']>[0]) => observed(target.session(request), observer);
      }
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function observed(session: NativeSession, observer: Observer): NativeSession {
  const contentFrames = new Map<NativeEncoding, number>();
  return {
    dimensions: session.dimensions,
    alignmentHeads: session.alignmentHeads,
    get usage() {
      return session.usage;
    },
    speechFrom: (audio, first) => session.speechFrom(audio, first),
    hearOn: (growing) => session.hearOn(growing),
    detectLanguage: (request) => session.detectLanguage(request),
    beamSearch: (request) => session.beamSearch(request),
    align: (request) => session.align(request),
    close: () => session.close(),
    async encode(request) {
      const encoding = await session.encode(request);
      contentFrames.set(encoding, request.frameCount);
      observer.encoded?.(request);
      return encoding;
    },
    async decode(request) {
      const results = await session.decode(request);
      const frames = contentFrames.get(request.encoding) ?? 0;
      await observer.decoded?.({ session, request, tokens: results[0]?.tokens ?? [], contentFrames: frames });
      return results;
    },
  };
}
