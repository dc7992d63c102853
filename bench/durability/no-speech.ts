import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVoiceActivity } from '../../daemon/src/engine/voice-activity.ts';
import { pathOf } from '../../test/engine/fork-engine.ts';
import { loadEmbeddedModel, multilingual, native } from '../../test/engine/support/embedded-model.ts';
import { playLive } from '../../test/engine/support/play-live.ts';
import { hum, repeated, type Sound, typing, whiteNoise } from '../../test/engine/support/sounds-without-speech.ts';
import { withTemporaryFolder } from '../../test/engine/support/temporary-folder.ts';
import { transcribeRecording } from '../../test/engine/support/transcribe-recording.ts';
import { wavOf } from '../../test/engine/support/wav-of.ts';

/**
 * `node bench/durability/no-speech.ts [minutes] [recordings…]`: so many minutes each of silence, white noise, hum, typing, the
 * music of the fixtures, and other recordings without speech, over and over. As a file with the default options, as a file with
 * `sequential`, and as a live session. Any text is a fault.
 */
const [minutes = '10', ...files] = process.argv.slice(2);
const rate = 16_000;
const bytesAtATime = 10 * rate * 2;

const sounds: readonly (readonly [string, Sound])[] = [
  ['silence', () => 0],
  ...[-60, -40, -20, -6].map((decibels) => [`white noise, ${decibels} dB`, whiteNoise(decibels)] as const),
  ...[50, 60].map((hertz) => [`hum, ${hertz} Hz`, hum(hertz)] as const),
  ['typing', typing()],
  ...(await Promise.all(
    [pathOf('test/fixtures/audio/music_prelude.ogg'), ...files].map(
      async (path) => [path.split('/').at(-1) as string, await repeated(path)] as const,
    ),
  )),
];

const model = await loadEmbeddedModel();
const voiceActivity = createVoiceActivity(native);
const description = { name: 'embedded', batchSize: 1 };
const residency = {
  use: async () => ({ model, vocabulary: multilingual, description, release: async () => undefined }),
} as never;
let faults = 0;
for (const [name, sample] of sounds) {
  const texts = await hear(wavOf(sample, Number(minutes) * 60 * rate));
  const found = Object.entries(texts).filter(([, text]) => text !== '');
  faults += found.length;
  console.log(`${name}, ${minutes} min: ${found.length === 0 ? 'no text' : JSON.stringify(Object.fromEntries(found))}`);
}
console.log(`${sounds.length} sounds, three ways each: ${faults} with a text`);
await model.close();
if (faults > 0) process.exitCode = 1;

function hear(wav: Buffer): Promise<Readonly<Record<string, string>>> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, 'sound.wav');
    await writeFile(file, wav);
    const network = await voiceActivity.network();
    const asFile = { model, vocabulary: multilingual, file, voiceActivity: network };
    const { text: byDefault } = await transcribeRecording(asFile);
    const { text: sequential } = await transcribeRecording({ ...asFile, options: { sequential: true } });
    const { result } = await playLive({ residency, voiceActivity, wav, bytesAtATime });
    return { 'by default': byDefault, sequential, live: result.text };
  });
}
