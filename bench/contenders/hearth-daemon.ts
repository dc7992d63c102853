import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import { startDaemon } from '../../daemon/src/client/start-daemon.ts';
import { stopDaemon } from '../../daemon/src/client/stop-daemon.ts';
import { transcribe } from '../../daemon/src/client/transcriptions.ts';
import type { TranscriptionOptions } from '../../daemon/src/protocol/options/transcription-options.ts';
import type { Arithmetic } from '../../daemon/src/protocol/residency.ts';
import type { Timings } from '../../daemon/src/protocol/transcript.ts';
import { embeddedModelName } from '../../daemon/src/settings/default-model.ts';
import { homePaths } from '../../daemon/src/settings/home-paths.ts';
import { type Answer, batchSize, type Contender, type Peer } from '../contender.ts';

const pollMs = 50;

export interface HearthDaemonRequest {
  readonly threads: number;
  readonly arithmetic: Arithmetic;
}

/** Hearth as people use it: the bytes of a recording over the socket of a daemon, and its events back. */
export async function hearthDaemon({ threads, arithmetic }: HearthDaemonRequest): Promise<Peer> {
  const home = await mkdtemp(join(tmpdir(), 'hearth-bench-'));
  process.env['HEARTH_HOME'] = home;
  process.env['HEARTH_MODEL'] = embeddedModelName;
  process.env['HEARTH_THREADS'] = String(threads);
  process.env['HEARTH_ARITHMETIC'] = arithmetic;
  const { socket: socketPath, outputFile: outputPath } = homePaths();
  const serverModule = fileURLToPath(new URL('../../daemon/dist/server/main.js', import.meta.url));
  await startDaemon({ socketPath, outputPath, serverModule });
  const processId = await waitUntilReady(socketPath);
  const used = await readArithmetic(socketPath);
  const own = arithmetic === 'exact' ? "Hearth's daemon" : "Hearth's daemon in 8 bits";
  const contender = (name: string, options: TranscriptionOptions): Contender => ({
    name,
    weights: `4-bit file, ${used === 'int8' ? 'int8' : 'float32'} arithmetic`,
    processIds: () => [processId, ...childrenOf(processId)],
    async transcribe(path) {
      const byteCount = statSync(path).size;
      const { text, timings } = await transcribe({ socketPath }, { audio: createReadStream(path), byteCount, options });
      return { text, ...profileOf(timings) };
    },
  });
  return {
    contenders: [
      contender(own, {}),
      { ...contender(`${own}, short windows`, { window: 'short' }), shortOnly: true },
      { ...contender(`${own}, batches of ${batchSize}`, { batchSize }), longOnly: true },
    ],
    async close() {
      await stopDaemon({ socketPath });
      await rm(home, { recursive: true });
    },
  };
}

function profileOf(timings: Timings): Omit<Answer, 'text'> {
  return {
    encoderSeconds: timings.encode,
    windows: timings.windows,
    decoderSeconds: timings.decode + timings.language_detection,
    tokens: timings.tokens,
    logMelShare: timings.log_mel / timings.total,
  };
}

async function waitUntilReady(socketPath: string): Promise<number> {
  for (;;) {
    const { engine, processId } = await readHealth({ socketPath });
    if (engine.status === 'ready') return processId;
    if (engine.status === 'failed') throw new Error(engine.lastError?.message);
    await delay(pollMs);
  }
}

/** The arithmetic that the daemon's model really uses. */
async function readArithmetic(socketPath: string): Promise<Arithmetic | undefined> {
  const { models } = await readResidency({ socketPath });
  return models[0]?.arithmetic;
}

function childrenOf(processId: number): number[] {
  if (process.platform !== 'linux') return [];
  const threads = `/proc/${processId}/task`;
  return readdirSync(threads).flatMap((thread) =>
    readFileSync(join(threads, thread, 'children'), 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
}
