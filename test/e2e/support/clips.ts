import { createReadStream } from 'node:fs';
import { transcribe } from '../../../daemon/src/client/transcriptions.ts';
import { pathOf } from '../../engine/fork-engine.ts';
import type { RunningDaemon } from './start-daemon.ts';

const names = [
  ...['1688-142285-0002.flac', '3331-159605-0004.flac', '3331-159605-0006.flac', 'google_brooklyn.flac'],
  ...['librispeech_1089-134691-0001.flac', 'mfa_61-70968-0000.flac', 'mlx_whisper_ls_test.flac', 'msft_weather.mp3'],
  ...['speechbrain_spk1_snt1.wav', 'watson_weather.ogg', 'jfk.mp3', '1688-142285-0000.flac'],
];

/** A recording and what an undisturbed daemon makes of it. */
export interface Clip {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** In the window that such short clips need, which costs less than half of the processor's time. */
export const clipOptions = { language: 'en', window: 'short' } as const;

let known: readonly Clip[] | undefined;

/**
 * Real clips of two to fifteen seconds in several formats, each transcribed once without any disturbance; no more of them
 * than are asked for at the first time.
 */
export async function readClips(daemon: RunningDaemon, most = names.length): Promise<readonly Clip[]> {
  known ??= await transcribeEach(daemon, names.slice(0, most));
  return known;
}

async function transcribeEach(daemon: RunningDaemon, wanted: readonly string[]): Promise<readonly Clip[]> {
  const clips: Clip[] = [];
  for (const name of wanted) {
    const path = pathOf(`test/fixtures/audio/${name}`);
    const audio = createReadStream(path);
    const options = { ...clipOptions, history: false };
    const { text } = await transcribe(daemon, { audio, byteCount: null, options });
    clips.push({ name, path, text });
  }
  return clips;
}
