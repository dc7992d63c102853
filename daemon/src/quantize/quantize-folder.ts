import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';
import { sizeText } from '../errors/size-text.ts';
import { writeError } from '../errors/write-error.ts';
import { isWeights, modelFiles } from '../models/model-files.ts';
import { readModelForm } from '../models/read-model-form.ts';
import type { QuantizeCommand } from '../protocol/quantize-messages.ts';
import { readFreeBytes } from '../settings/read-free-bytes.ts';
import { hearWindows } from './hear-windows.ts';
import { inputsOf } from './inputs-of.ts';
import type { QuantizeFolderRequest } from './quantize-folder-request.ts';
import { openWorkshop } from './workshop.ts';

const vocabularies = ['multilingual.tiktoken', 'gpt2.tiktoken'];

/**
 * Quantises the model of a folder; returns the size of the result. It gets its name when it is whole: whatever ends this
 * process leaves no half of a model. A run with recordings that is cancelled or killed leaves the layers that it has made;
 * the next run with the same inputs goes on with them, and one with others deletes them.
 * @throws what the engine throws, `OPTION_INVALID`, `DISK_FULL`, `HOME_NOT_WRITABLE`, `CANCELLED`
 */
export async function quantizeFolder(request: QuantizeFolderRequest): Promise<number> {
  const { native, command, signal, onProgress } = request;
  const { folder, outputFolder, bits, encoderBits, groupSize } = command;
  const goesOn = command.recordings.length > 0;
  let workshop: string | null = null;
  await requireFloat(folder);
  try {
    workshop = await openWorkshop(dirname(outputFolder), await inputsOf(command));
    const unfinished = join(workshop, 'model');
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    await requireSpace(unfinished, command);
    const heard = await hearWindows(request, workshop);
    try {
      await native.quantizeModel({
        folder,
        outputFolder: unfinished,
        bits,
        encoderBits,
        groupSize,
        windows: heard.windows,
        finishedPath: goesOn ? join(workshop, 'finished-layers') : undefined,
        signal,
        onProgress: ({ done, total }) => onProgress({ type: 'quantize-progress', step: 'quantizing', done, total }),
      });
    } finally {
      heard.close();
    }
    for (const name of await readdir(folder)) {
      if (vocabularies.includes(name)) await copyFile(join(folder, name), join(unfinished, name));
    }
    const names = await readdir(unfinished);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(unfinished, name))).size));
    await rename(unfinished, outputFolder);
    await remove(workshop);
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch (error) {
    if (workshop !== null && !(goesOn && signal.aborted)) await remove(workshop);
    throw explain(error, outputFolder);
  }
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

/** The engine looks at the weights themselves too. */
async function requireFloat(folder: string): Promise<void> {
  const model = await readModelForm(folder);
  if (model === null || model.form.bits >= 16) return;
  throw new HearthError(
    'MODEL_INVALID',
    `Expected a model in float16 or float32, got one that is quantised already: ${folder}.`,
    { hint: 'Give the model that it was made of.' },
  );
}

/** The result is smaller than the float weights it is made of: at most 8 bits and a half for 16. */
async function requireSpace(
  target: string,
  { folder, bits, encoderBits, groupSize, minFreeDiskBytes }: QuantizeCommand,
): Promise<void> {
  const names = (await modelFiles(folder)).filter(isWeights);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  const sourceBytes = sizes.reduce((sum, size) => sum + size, 0);
  const wanted = (sourceBytes * (Math.max(bits, encoderBits) + 32 / groupSize)) / 16 + minFreeDiskBytes;
  const freeBytes = await readFreeBytes(target);
  if (freeBytes >= wanted) return;
  throw new HearthError(
    'DISK_FULL',
    `Expected ${sizeText(wanted, Math.ceil)} of free disk space for the model, got ${sizeText(freeBytes, Math.floor)}.`,
  );
}

function explain(error: unknown, outputFolder: string): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  if (code === 'ENOTEMPTY' || code === 'EEXIST') return alreadyThere(basename(outputFolder));
  return syscall === undefined ? error : writeError(outputFolder, error, { code: 'HOME_NOT_WRITABLE' });
}

function alreadyThere(name: string): HearthError {
  return new HearthError('OPTION_INVALID', `Expected a name that no model here has, got ${name}.`, {
    hint: 'Name the result otherwise: `--output`. Or delete that model: `hearth models delete`.',
  });
}
