import type { NativeModel } from '@hearth/native';
import type { Waiting } from './calls.ts';

/** The windows of all calls in one encoder pass; each call gets its own as an encoding of its own. */
export async function encodeTogether(model: NativeModel, calls: readonly Waiting<'encode'>[]): Promise<void> {
  try {
    const all = await model.encode({ mels: calls.flatMap(({ request }) => request.mels) });
    try {
      let firstWindow = 0;
      for (const { request, resolve } of calls) {
        const windows = request.mels.map((_, i) => firstWindow + i);
        firstWindow += windows.length;
        resolve(await model.joinEncodings([{ encoding: all, windows }]));
      }
    } finally {
      all.close();
    }
  } catch (error) {
    // Whoever has an answer already keeps it.
    for (const { reject } of calls) reject(error);
  }
}
