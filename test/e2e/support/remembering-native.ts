import * as original from '@hearth/native';
import { rememberEncodings } from '../../engine/support/remember-encodings.ts';

/** A recording of several windows takes its time whenever it comes: all but its first are encoded again. */
const memory = { mostRemembered: 2, takes: 'first windows' } as const;

/** The engine's own addon, whose models do not encode the window of a short recording again. */
export function createNative(options: original.NativeOptions): original.Native {
  const native = original.createNative(options);
  /** The addon knows only its own objects. */
  const own = new WeakMap<original.NativeModel, original.NativeModel>();
  const loadModel: original.Native['loadModel'] = async (request) => {
    const model = await native.loadModel(request);
    const remembering = rememberEncodings(model, { ...memory, folder: request.folder });
    own.set(remembering, model);
    return remembering;
  };
  const beginAudio: original.Native['beginAudio'] = (request) => {
    const { listeners } = request;
    if (listeners === undefined || listeners.model === null) return native.beginAudio(request);
    const { voiceActivity, model } = listeners;
    return native.beginAudio({ ...request, listeners: { voiceActivity, model: own.get(model) ?? model } });
  };
  return Object.assign(Object.create(native), { loadModel, beginAudio });
}
