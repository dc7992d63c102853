import * as original from '@hearth/native';
import { rememberEncodings } from '../../engine/support/remember-encodings.ts';

/** Too few for a recording of several windows, which takes its time whenever it comes. */
const mostRemembered = 2;

/** The engine's own addon, whose models do not encode the window of a short recording again. */
export function createNative(options: original.NativeOptions): original.Native {
  const native = original.createNative(options);
  const loadModel: original.Native['loadModel'] = async (request) =>
    rememberEncodings(await native.loadModel(request), mostRemembered);
  return Object.assign(Object.create(native), { loadModel });
}
