import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { getHeapSpaceStatistics } from 'node:v8';

/**
 * A process that speaks the engine's messages. The files in the model's folder and the name of the recording say how it
 * behaves, so that a test can make the next start or job go wrong.
 */
const send = (event) => process.connected && process.send(event);
const memory = { residentBytes: 1000, activeBytes: 1, cacheBytes: 2, peakBytes: 3 };
let isWorking = false;
const beat = () => send({ type: 'heartbeat', memory, progress: { isWorking, steps: 1 } });
beat();
setInterval(beat, 20);
process.on('disconnect', () => process.exit(0));

function start({ modelFolder, threads, arithmetic, temporaryFolder }) {
  writeFileSync(join(temporaryFolder, 'left-behind'), '');
  if (existsSync(join(modelFolder, 'crash-at-start'))) process.exit(3);
  send({ type: 'model-loading', modelFolder, progress: 0.5 });
  if (existsSync(join(modelFolder, 'never-ready'))) return;
  if (existsSync(join(modelFolder, 'invalid'))) {
    const error = { code: 'MODEL_INVALID', message: `Expected weights, got ${modelFolder}.`, hint: 'Get another.' };
    send({ type: 'engine-failed', error });
    return;
  }
  process.stdout.write(`threads ${threads}, arithmetic ${arithmetic}\n`);
  process.stderr.write('a warning\n');
  send({ type: 'model-ready', model: { ...loadedModel, name: basename(modelFolder), folder: modelFolder } });
}

function transcribe({ jobId, audioPath }) {
  send({ type: 'job-started', jobId });
  jobs[basename(audioPath)]?.(jobId);
}

function load({ loadId, modelFolder }) {
  process.stdout.write(`loads ${basename(modelFolder)}\n`);
  if (existsSync(join(modelFolder, 'invalid'))) {
    const error = { code: 'MODEL_INVALID', message: `Expected weights, got ${modelFolder}.`, hint: 'Get another.' };
    send({ type: 'load-failed', loadId, error });
    return;
  }
  const model = { ...loadedModel, name: basename(modelFolder), folder: modelFolder };
  send({ type: 'model-ready', model });
  send({ type: 'load-done', loadId, model });
}

const loadedModel = {
  device: 'cpu',
  operations: 'cpu',
  quantizationBits: 4,
  denseEncoder: true,
  rowsReadQuantized: null,
  logMelOnDevice: false,
  trials: [],
  draft: null,
  arithmetic: 'exact',
  weightBytes: 1,
  loadSeconds: 0.1,
  warmUpSeconds: 0.2,
};

const jobs = {
  'hello.wav'(jobId) {
    send({ type: 'language-detected', jobId, language: 'en', probability: 1 });
    send({ type: 'job-done', jobId, result: { text: ` Hello from process ${process.pid}.` } });
  },
  'speaks-at-once.wav'(jobId) {
    send([
      { type: 'language-detected', jobId, language: 'en', probability: 1 },
      { type: 'job-done', jobId, result: { text: ' Hello.' } },
    ]);
  },
  'corrupt.wav'(jobId) {
    const error = { code: 'AUDIO_CORRUPT', message: 'Expected audio, got noise.', hint: 'Export it again.' };
    send({ type: 'job-failed', jobId, error });
  },
  'stands-still.wav'(jobId) {
    send({ type: 'job-paused', jobId });
  },
  'exits.wav': () => process.exit(7),
  'is-killed.wav': () => process.kill(process.pid, 'SIGKILL'),
  'leaves-one-behind.wav'(jobId) {
    // In a group of its own, it holds the streams of this process open when that is gone.
    const left = spawn('sleep', ['600'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
    send({ type: 'job-done', jobId, result: { text: String(left.pid) } });
  },
  'stops-living.wav': () => process.kill(process.pid, 'SIGSTOP'),
  'is-stuck.wav'() {
    isWorking = true;
  },
  'comes-in-a-burst.wav'(jobId) {
    // Each object outlives a collection or two, for which V8 makes more room for young ones.
    const recent = [];
    for (let made = 0; made < 2_000_000; made++) recent[made % 50_000] = { made };
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    send({ type: 'job-done', jobId, result: { text: String(young.space_size) } });
  },
  'is-deaf.wav'(jobId) {
    process.on('SIGTERM', () => undefined);
    ignoresShutDown = true;
    send({ type: 'language-detected', jobId, language: 'en', probability: 1 });
  },
};

let ignoresShutDown = false;

process.on('message', (command) => {
  if (command.type === 'start') start(command);
  if (command.type === 'transcribe') transcribe(command);
  if (command.type === 'load') load(command);
  if (command.type === 'cancel') {
    const error = { code: 'CANCELLED', message: 'Expected the end, got a cancellation.', hint: '' };
    send({ type: 'job-failed', jobId: command.jobId, error });
  }
  if (command.type === 'shut-down' && !ignoresShutDown) process.exit(0);
});
