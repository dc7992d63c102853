import { native } from './embedded-model.ts';

const sampleRateHz = 16_000;

/** A 16-bit sample by its number, at 16 kHz. */
export type Sound = (i: number) => number;

/** The same numbers from -0.5 to 0.5 in every run (a linear congruential generator). */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

/** White noise; its loudest samples are as loud as `decibels` says, 0 being the loudest that there is. */
export function whiteNoise(decibels: number): Sound {
  const random = createRandom();
  return () => random() * 2 * 32_767 * 10 ** (decibels / 20);
}

/** Of the mains, with the overtones of a transformer. */
export function hum(hertz: number): Sound {
  const overtones = [1, 0.5, 0.25, 0.12];
  return (i) =>
    4000 *
    overtones.reduce((sum, share, n) => sum + share * Math.sin((2 * Math.PI * hertz * (n + 1) * i) / sampleRateHz), 0);
}

/** A keyboard in a quiet room: seven keys a second, clicks that die away within 30 ms. */
export function typing(): Sound {
  const random = createRandom();
  const samplesPerKey = Math.round(sampleRateHz / 7);
  return (i) => random() * (24_000 * Math.exp(-(i % samplesPerKey) / 100) + 60);
}

/** A recording over and over. */
export async function repeated(path: string): Promise<Sound> {
  const audio = await native.openAudio({ path });
  const samples = audio.samples(0, audio.sampleCount);
  audio.close();
  return (i) => samples[i % samples.length] as number;
}
