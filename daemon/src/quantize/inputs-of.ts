import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFiles } from '../models/model-files.ts';
import type { QuantizeCommand } from '../protocol/quantize-messages.ts';
import { ownVersion } from '../settings/own-version.ts';

/** Everything that a result follows from, as one text: a run goes on with what another one left only if theirs are equal. */
export async function inputsOf({ folder, bits, encoderBits, groupSize, recordings }: QuantizeCommand): Promise<string> {
  const model = await Promise.all((await modelFiles(folder)).map((name) => stateOf(join(folder, name))));
  const sounds = await Promise.all(recordings.map(stateOf));
  return JSON.stringify({ version: ownVersion(), bits, encoderBits, groupSize, model, sounds });
}

async function stateOf(path: string): Promise<readonly [string, number, number]> {
  const [real, { size, mtimeMs }] = await Promise.all([realpath(path), stat(path)]);
  return [real, size, mtimeMs];
}
