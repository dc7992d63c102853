import type { NativeModel } from '@hearth/native';
import type { Waiting } from './calls.ts';

/** The windows of all calls in one encoder pass. */
export async function encodeTogether(model: NativeModel, calls: readonly Waiting<'encode'>[]): Promise<void> {
  try {
    const encodings = await model.encode({ mels: calls.flatMap(({ request }) => request.mels) });
    let first = 0;
    for (const { request, resolve } of calls) {
      resolve(encodings.slice(first, first + request.mels.length));
      first += request.mels.length;
    }
  } catch (error) {
    for (const { reject } of calls) reject(error);
  }
}
