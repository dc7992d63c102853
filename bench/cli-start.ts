import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { health, jobEvents, startStandInDaemon, transcript } from '../test/stand-ins/daemon.ts';

const compileCache = fileURLToPath(new URL('../build/compile-cache', import.meta.url));
const cliModule = fileURLToPath(new URL('../daemon/dist/cli/main.js', import.meta.url));

/** Seconds from the start of `hearth transcribe`, as its launcher runs it, until the first byte of the recording reaches a daemon. */
export async function measureCliStart(recording: string): Promise<number> {
  let arrivedMs = Number.NaN;
  const daemon = await startStandInDaemon((request, response) => {
    if (request.url === '/v1/health') return void response.end(JSON.stringify(health));
    request.once('data', () => {
      arrivedMs = performance.now();
    });
    request.once('end', () => response.end(jobEvents({ type: 'job-done', result: transcript([]) })));
    request.resume();
  });
  try {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [cliModule, 'transcribe', recording], {
      stdio: 'ignore',
      env: { ...process.env, HEARTH_HOME: daemon.home, NODE_COMPILE_CACHE: compileCache },
    });
    await once(child, 'exit');
    return (arrivedMs - startedMs) / 1000;
  } finally {
    await daemon.close();
    await rm(daemon.home, { recursive: true, force: true });
  }
}
