import type { Contender } from './contender.ts';
import { cpuSeconds } from './cpu-seconds.ts';

export interface Measurement {
  readonly wallSeconds: number;
  /** Null where the system does not tell. */
  readonly cpuSeconds: number | null;
}

export interface Measured {
  readonly name: string;
  readonly text: string;
  /** One per round. */
  readonly measurements: readonly Measurement[];
}

const warmUpRounds = 2;

/**
 * Has every contender transcribe the same recording round after round, one after the other, so that whatever else the
 * machine does meets all of them. The first rounds do not count.
 */
export async function measureInterleaved(request: {
  readonly contenders: readonly Contender[];
  readonly recording: string;
  readonly rounds: number;
}): Promise<readonly Measured[]> {
  const { contenders, recording, rounds } = request;
  const measured = contenders.map(({ name }) => ({ name, text: '', measurements: [] as Measurement[] }));
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const [i, contender] of contenders.entries()) {
      const { text, ...measurement } = await measureOnce(contender, recording);
      const each = measured[i] as (typeof measured)[0];
      each.text = text;
      if (round >= 0) each.measurements.push(measurement);
    }
  }
  return measured;
}

async function measureOnce(contender: Contender, recording: string): Promise<Measurement & { readonly text: string }> {
  const processIds = contender.processIds();
  const cpuBefore = cpuSeconds(processIds);
  const startedMs = performance.now();
  const text = await contender.transcribe(recording);
  const wallSeconds = (performance.now() - startedMs) / 1000;
  const cpuAfter = cpuSeconds(processIds);
  return { text, wallSeconds, cpuSeconds: cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore };
}
