import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readHealth } from '../daemon/src/client/read-health.ts';
import { startDaemon } from '../daemon/src/client/start-daemon.ts';
import { stopDaemon } from '../daemon/src/client/stop-daemon.ts';
import { transcribe } from '../daemon/src/client/transcribe.ts';
import { homePaths } from '../daemon/src/settings/home-paths.ts';
import type { Contender } from './contender.ts';

const pollMs = 50;

/** Hearth as people use it: the bytes of a recording over the socket of a daemon, and its events back. */
export async function daemon({ threads }: { readonly threads: number }): Promise<Contender> {
  const home = await mkdtemp(join(tmpdir(), 'hearth-bench-'));
  process.env['HEARTH_HOME'] = home;
  process.env['HEARTH_THREADS'] = String(threads);
  const { socket: socketPath, outputFile: outputPath } = homePaths();
  const serverModule = fileURLToPath(new URL('../daemon/dist/server/main.js', import.meta.url));
  await startDaemon({ socketPath, outputPath, serverModule });
  const processId = await waitUntilReady(socketPath);
  return {
    name: "Hearth's daemon",
    processIds: () => [processId, ...childrenOf(processId)],
    async transcribe(path) {
      const byteCount = statSync(path).size;
      return (await transcribe({ socketPath, audio: createReadStream(path), byteCount })).text;
    },
    async close() {
      await stopDaemon({ socketPath });
      await rm(home, { recursive: true });
    },
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
