import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { readResidency } from '../../daemon/src/client/health.ts';
import { clientsFolder, installNpmClients } from '../../test/clients/install-clients.mjs';
import { freePort } from '../../test/e2e/support/free-port.ts';
import { startDaemon } from '../../test/e2e/support/start-daemon.ts';
import { pathOf } from '../../test/engine/fork-engine.ts';

/**
 * `node bench/durability/slow-answers.ts [seconds]`: npm `openai` with Node's own fetch, which gives up after 300 s without
 * the head of an answer or without a part of it, and an engine that needs longer: it is stopped most of the time.
 */
const [seconds = 330] = process.argv.slice(2).map(Number);
const stoppedMs = 20_000;
const runningMs = 1_500;
const token = 'a-token-of-more-than-thirty-two-characters';

await installNpmClients();
const script = join(clientsFolder, 'slow-answers.mjs');
writeFileSync(
  script,
  `import fs from 'node:fs';
   import OpenAI from 'openai';
   const [baseURL, apiKey, recording] = process.argv.slice(2);
   const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 3_600_000 });
   const { text } = await client.audio.transcriptions.create({ file: fs.createReadStream(recording), model: 'whisper-1' });
   console.log(text);`,
);
const listen = `127.0.0.1:${await freePort()}`;
const daemon = await startDaemon({ environment: { HEARTH_LISTEN: listen, HEARTH_TOKEN: token } });
const recording = pathOf('test/fixtures/audio/LJ001-long.mp3');
const startedAt = performance.now();
const client = spawn(process.execPath, [script, `http://${listen}/v1`, token, recording], {
  cwd: clientsFolder,
  stdio: ['ignore', 'pipe', 'pipe'],
});
let isOver = false;
const ended = once(client, 'close').finally(() => {
  isOver = true;
});
const slowed = slowEngine();
const [answer, problem] = await Promise.all([text(client.stdout), text(client.stderr), ended]);
const took = (performance.now() - startedAt) / 1000;
await slowed;
const isWhole = /invention of movable metal letters/i.test(answer) && answer.length > 3000;
const { engine } = await readResidency(daemon);
console.log({ seconds: Math.round(took), characters: answer.length, isWhole, engine: engine.status, problem });
await daemon.stop();
if (!isWhole || took < 300) process.exitCode = 1;

/** Less than the 30 s without a sign of life after which an engine is killed, and each time it goes on for a moment. */
async function slowEngine(): Promise<void> {
  while (!isOver && performance.now() - startedAt < seconds * 1000) {
    const { engine } = await readResidency(daemon);
    if (engine.processId === null || engine.status !== 'ready') {
      await delay(100);
      continue;
    }
    process.kill(engine.processId, 'SIGSTOP');
    await delay(stoppedMs);
    process.kill(engine.processId, 'SIGCONT');
    await delay(runningMs);
  }
}
