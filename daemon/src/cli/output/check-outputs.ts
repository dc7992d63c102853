import { accessSync, constants, fstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { writeError } from '../../errors/write-error.ts';
import { findOutputPlace, type OutputPlace } from './output-place.ts';
import type { OutputPlan } from './plan-output.ts';
import { tryToWrite } from './try-to-write.ts';

type FilePlace = Extract<OutputPlace, { readonly kind: 'file' }>;

/**
 * Checks every path that a plan writes to, before anything is sent.
 * @throws `OPTION_INVALID` for a recording and for two transcripts in one file, `OUTPUT_NOT_WRITABLE`
 */
export function checkOutputs(plan: OutputPlan, inputs: readonly string[]): void {
  const recordings = new Map(inputs.flatMap((input) => idOfInput(input)));
  const writers = new Map<string, string>();
  const tried = new Set<string>();
  for (const input of inputs) {
    const path = plan.pathFor(input);
    if (path === null) refuseRecordingAsStandardOutput(recordings);
    const place = path === null ? null : findOutputPlace(path);
    if (path === null || place === null) continue;
    if (place.kind !== 'file') {
      requireAccess(path, path);
      continue;
    }
    refuseRecording(path, place.existing, recordings);
    requireWritable(path, place, tried);
    const id = place.existing === null ? idOfNewFile(place.path) : idOf(place.existing);
    const other = writers.get(id);
    if (other !== undefined) {
      const message = `The transcripts of ${other} and ${input} would be written to one file, ${path}.`;
      throw new HearthError('OPTION_INVALID', message, { hint: 'Name another folder with --output.' });
    }
    writers.set(id, input);
  }
}

/** Comes before the check of its extension. @throws `OPTION_INVALID` if `output` is one of the recordings */
export function refuseRecordings(output: string | undefined, inputs: readonly string[]): void {
  const existing = output === undefined ? undefined : lookAt(output);
  if (output === undefined || !existing?.isFile()) return;
  refuseRecording(output, existing, new Map(inputs.flatMap((input) => idOfInput(input))));
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw writeError(path, error);
  }
}

/** By whatever name: a link, other capitals, or the file behind standard input. */
function refuseRecording(path: string, existing: Stats | null, recordings: ReadonlyMap<string, string>): void {
  const recording = existing === null ? undefined : recordings.get(idOf(existing));
  if (recording === undefined) return;
  const named = recording === path ? path : `${path}, which is ${recording === '-' ? 'standard input' : recording}`;
  throw new HearthError('OPTION_INVALID', `--output would replace the recording ${named}.`, {
    hint: 'Name another file.',
  });
}

/** `hearth transcribe talk.mp3 >> talk.mp3`. */
function refuseRecordingAsStandardOutput(recordings: ReadonlyMap<string, string>): void {
  const standardOutput = fstatSync(1);
  const recording = standardOutput.isFile() ? recordings.get(idOf(standardOutput)) : undefined;
  if (recording === undefined) return;
  throw new HearthError('OPTION_INVALID', `Standard output is the recording ${recording}.`, {
    hint: 'Name another file.',
  });
}

/** `tried` has the folders in which a file could be made: a thousand recordings need one look. */
function requireWritable(path: string, { path: file, existing }: FilePlace, tried: Set<string>): void {
  const folder = dirname(file);
  if (existing !== null) requireAccess(path, file);
  if (!tried.has(folder) && (existing === null || mayWriteInto(folder))) {
    tryToWrite(file);
    tried.add(folder);
  }
  if (existing === null) return;
  // Root may write to it, but whoever made it read-only meant it.
  if ((existing.mode & 0o222) === 0) {
    throw new HearthError('OUTPUT_NOT_WRITABLE', `${path} is read-only.`, {
      hint: 'Name another file, or make this one writable first.',
    });
  }
}

function requireAccess(path: string, place: string): void {
  try {
    accessSync(place, constants.W_OK);
  } catch (error) {
    throw writeError(path, error);
  }
}

/** A file in a folder that takes no others is written to as it is. */
function mayWriteInto(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder in which a new file, or the first of its missing folders, is created. */
function nearestFolder(file: string): string {
  const folder = dirname(file);
  const found = statSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return nearestFolder(folder);
  if (!found.isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
  return folder;
}

function idOfInput(input: string): readonly (readonly [id: string, input: string])[] {
  const found = input === '-' ? fstatSync(0) : statSync(input, { throwIfNoEntry: false });
  return found?.isFile() ? [[idOf(found), input]] : [];
}

function idOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

function idOfNewFile(file: string): string {
  const folder = nearestFolder(file);
  return join(realpathSync(folder), relative(folder, file));
}
