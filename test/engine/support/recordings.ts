import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A line of test/fixtures/audio/manifest.json. */
export interface Recording {
  readonly file: string;
  readonly seconds: number | null;
  readonly language: string | null;
  /** What is said; empty for no speech, null where nobody wrote it down. */
  readonly text: string | null;
  readonly licence: string;
  /** Who can read the file: the engine (`sndfile`), only a converter (`external`), or nobody (`none`). */
  readonly decoder: 'sndfile' | 'external' | 'none';
  /** The file holds 16 kHz mono samples of 16 bits, so that every implementation starts from the same ones. */
  readonly sameSamples?: boolean;
  readonly damaged?: boolean;
}

const audioFolder = new URL('../../fixtures/audio/', import.meta.url);

const fixtures = JSON.parse(readFileSync(new URL('manifest.json', audioFolder), 'utf8')) as readonly Recording[];

const sample: Recording = {
  file: 'jfk.flac',
  seconds: 11,
  language: 'en',
  text: 'And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country.',
  licence: 'public domain',
  decoder: 'sndfile',
  sameSamples: false,
};

const recordings: readonly Recording[] = [sample, ...fixtures];

/** Whole recordings that the engine reads itself. */
export const readableRecordings = recordings.filter(({ decoder, damaged }) => decoder === 'sndfile' && !damaged);

export function recordingPath(file: string): string {
  const url = file === sample.file ? new URL('../../../assets/samples/jfk.flac', import.meta.url) : fixtureUrl(file);
  return fileURLToPath(url);
}

function fixtureUrl(file: string): URL {
  return new URL(encodeURIComponent(file), audioFolder);
}
