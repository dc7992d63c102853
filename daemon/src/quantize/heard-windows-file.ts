import { readFile } from 'node:fs/promises';
import type { CalibrationWindow } from '@hearth/native';
import { replaceFile } from '../settings/replace-file.ts';

/** A window of one of a recording's sounds. */
export interface HeardWindow extends Omit<CalibrationWindow, 'audio'> {
  readonly sound: number;
}

/** The windows of each recording that was heard, in the order of the recordings; none if there is no such file. */
export async function readHeardWindows(path: string): Promise<readonly (readonly HeardWindow[])[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]');
  return JSON.parse(text) as readonly (readonly HeardWindow[])[];
}

/** @throws as `replaceFile` */
export function writeHeardWindows(path: string, heard: readonly (readonly HeardWindow[])[]): void {
  replaceFile(path, JSON.stringify(heard));
}
