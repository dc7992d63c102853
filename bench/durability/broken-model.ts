import { copyFileSync, createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cancelJob, getJob } from '../../daemon/src/client/jobs.ts';
import { submitJob } from '../../daemon/src/client/transcriptions.ts';
import { startDaemon } from '../../test/e2e/support/start-daemon.ts';
import { pathOf } from '../../test/engine/fork-engine.ts';

/**
 * `node bench/durability/broken-model.ts`: while two long recordings are transcribed, somebody names a model that cannot be
 * loaded. Their work must move on.
 */
const long = pathOf('test/fixtures/audio/LJ001-long.mp3');
const broken = mkdtempSync(join(tmpdir(), 'hearth-broken-'));
copyFileSync(pathOf('assets/models/whisper-base-4bit/config.json'), join(broken, 'config.json'));
writeFileSync(join(broken, 'model.safetensors'), '\x10\0\0\0\0\0\0\0nonsense........');

const daemon = await startDaemon({ environment: { HEARTH_PRESET: 'balanced' } });
const options = { language: 'en', vad: false, conditionOnPreviousText: true } as const;
const jobs = await Promise.all(
  [1, 2].map(() => submitJob(daemon, { audio: createReadStream(long), byteCount: null, options })),
);
const processedSeconds = async () => {
  const seen = await Promise.all(jobs.map(({ id }) => getJob(daemon, id)));
  return seen.reduce((sum, job) => sum + job.processedSeconds, 0);
};
while ((await processedSeconds()) === 0) await delay(100);
const answer = await daemon.ask({
  path: `/v1/transcriptions?model=${encodeURIComponent(broken)}`,
  body: createReadStream(pathOf('assets/samples/jfk.flac')),
});
const before = await processedSeconds();
const limitMs = performance.now() + 120_000;
let after = before;
while (after === before && performance.now() < limitMs) {
  await delay(200);
  after = await processedSeconds();
}
const isFault = after === before || answer.errorCode !== 'MODEL_INVALID';
console.log({ code: answer.errorCode, before, after, isFault });
for (const { id } of jobs) await cancelJob(daemon, id);
await daemon.stop();
rmSync(broken, { recursive: true });
if (isFault) process.exitCode = 1;
