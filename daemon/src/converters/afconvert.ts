import { resolve } from 'node:path';
import type { Converter } from './converter.ts';

const mostComplaints = 8;

/**
 * Apple's converter, part of every macOS. Its `-c 1` drops channels instead of mixing them, so it keeps all channels and
 * the engine mixes them. It cannot write to a pipe.
 */
export function createAfconvert(executable: string): Converter {
  return {
    name: 'afconvert',
    executable,
    writesTo: 'file',
    buildArguments: ({ inputPath, outputPath, track }) => [
      ...['-f', 'WAVE', '-d', 'LEI16@16000'],
      ...(track === null ? [] : ['--read-track', String(track - 1)]),
      resolve(inputPath),
      resolve(outputPath),
    ],
    readReport: (lines) => ({
      tracks: [],
      takenTrack: null,
      complaints: lines.filter((line) => line.trim() !== '').slice(0, mostComplaints),
    }),
    readStart: () => null,
    readDelay: () => null,
  };
}
