import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Contender } from './contender.ts';
import { daemon } from './daemon-contender.ts';
import { engineAlone } from './engine-contender.ts';
import { fasterWhisper } from './faster-whisper-contender.ts';
import { type Measured, measureInterleaved } from './measure.ts';
import { compare, describeMeasured, describeOverhead, describeRatio, writeResults } from './report.ts';

const jfk = fileURLToPath(new URL('../assets/samples/jfk.flac', import.meta.url));
const fiveSeconds = fileURLToPath(new URL('../test/fixtures/audio/picovoice_leopard_de.wav', import.meta.url));

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    threads: { type: 'string', default: String(availableParallelism()) },
    recording: { type: 'string', default: jfk },
  },
});
const rounds = Number(values.rounds);
const threads = Number(values.threads);
const recording = resolve(values.recording);

console.log(`${threads} threads, ${rounds} rounds`);
const contenders = [await daemon({ threads }), await engineAlone({ threads }), await fasterWhisper({ threads })];
try {
  const speed = await measure(contenders, recording);
  const ratios = compare(speed, speed.at(-1) as Measured);
  for (const ratio of ratios) console.log(describeRatio(ratio));

  const overhead = await measure(contenders.slice(0, 2), fiveSeconds);
  const differences = compare(overhead, overhead[1] as Measured);
  for (const difference of differences) console.log(describeOverhead(difference));

  const path = await writeResults({ threads, recording, speed, ratios, overhead, differences });
  console.log(`All figures: ${path}`);
} finally {
  await Promise.all(contenders.map((contender) => contender.close()));
}

async function measure(measuredContenders: readonly Contender[], path: string): Promise<readonly Measured[]> {
  console.log(`\n${path}`);
  const measured = await measureInterleaved({ contenders: measuredContenders, recording: path, rounds });
  for (const each of measured) console.log(describeMeasured(each));
  return measured;
}
