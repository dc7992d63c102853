import type { Answer, Contender } from './contender.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { peakMemoryBytes, resetPeakMemory } from './process-memory.ts';

export interface Measurement extends Omit<Answer, 'text'> {
  readonly wallSeconds: number;
  /** Null if the system does not report it. */
  readonly cpuSeconds: number | null;
  readonly peakMemoryBytes: number | null;
}

export interface Measured {
  readonly name: string;
  readonly weights: string;
  readonly text: string;
  /** One per round; only the first for a very slow contender. */
  readonly measurements: readonly Measurement[];
}

/**
 * Lets every contender transcribe the same recording in each round, one after the other, so that other work on the
 * machine affects all of them. The first round is a warm-up and does not count, except for a very slow contender.
 */
export async function measureInterleaved(request: {
  readonly contenders: readonly Contender[];
  readonly recording: string;
  readonly rounds: number;
}): Promise<readonly Measured[]> {
  const { contenders, recording, rounds } = request;
  const measured = contenders.map(({ name, weights }) => ({
    name,
    weights,
    text: '',
    measurements: [] as Measurement[],
  }));
  for (let round = 0; round <= rounds; round += 1) {
    process.stderr.write(round === 0 ? '  warming up …\n' : `  round ${round} of ${rounds} …\n`);
    for (const [i, contender] of contenders.entries()) {
      if (contender.isVerySlow && round !== 1) continue;
      const { text, ...measurement } = await measureOnce(contender, recording);
      const each = measured[i] as (typeof measured)[0];
      each.text = text;
      if (round > 0) each.measurements.push(measurement);
    }
  }
  return measured;
}

async function measureOnce(contender: Contender, recording: string): Promise<Measurement & Answer> {
  const processIds = contender.processIds();
  resetPeakMemory(processIds);
  const cpuBefore = cpuSeconds(processIds);
  const startedMs = performance.now();
  const answer = await contender.transcribe(recording);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const cpuAfter = cpuSeconds(processIds);
  return {
    ...answer,
    wallSeconds,
    cpuSeconds: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore,
    peakMemoryBytes: peakMemoryBytes(processIds),
  };
}
