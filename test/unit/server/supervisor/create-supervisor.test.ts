import { EventEmitter, once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import type { EngineEvent, EngineTask } from '../../../../daemon/src/protocol/engine-messages.ts';
import { createSupervisor } from '../../../../daemon/src/server/supervisor/create-supervisor.ts';
import { removeEngineFolders } from '../../../../daemon/src/server/supervisor/engine-folder.ts';
import { defaultEngineLimits, type EngineLimits } from '../../../../daemon/src/server/supervisor/engine-limits.ts';
import type { EngineState, Supervisor } from '../../../../daemon/src/server/supervisor/supervisor.ts';

const engineModule = fileURLToPath(new URL('../../../stand-ins/engine.mjs', import.meta.url));
const limits: EngineLimits = { ...defaultEngineLimits, restartDelayMs: 1 };

let folder: string;
let modelFolder: string;
let supervisor: Supervisor;
let logLines: string[];
const printed = new EventEmitter();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-supervisor-'));
  modelFolder = join(folder, 'model');
  await mkdir(modelFolder);
  logLines = [];
  supervisor = create({});
});

afterEach(async () => {
  await supervisor.stop();
  await rm(folder, { recursive: true });
});

function create(request: { readonly engineModule?: string; readonly limits?: Partial<EngineLimits> }): Supervisor {
  const destination = new Writable({
    write(chunk, _encoding, done) {
      logLines.push(String(chunk));
      printed.emit('line');
      done();
    },
  });
  return createSupervisor({
    engineModule: request.engineModule ?? engineModule,
    modelFolder,
    threads: 2,
    preset: 'auto',
    draftFolder: null,
    arithmetic: 'exact',
    keepAliveMs: null,
    memoryBudgetBytes: null,
    keptFolders: [],
    minFreeDiskBytes: 0,
    temporaryFolder: join(folder, 'temporary'),
    choicesFile: join(folder, 'choices.json'),
    log: pino(destination),
    limits: { ...limits, ...request.limits },
  });
}

async function logged(text: string): Promise<void> {
  while (!logLines.join('').includes(text)) await once(printed, 'line');
}

function task(recording: string, overrides: Partial<EngineTask> = {}): EngineTask {
  const fields = { audioPath: join(folder, recording), modelFolder, options: {}, priority: 'interactive' } as const;
  return { jobId: recording, ...fields, ...overrides };
}

function run(recording: string, overrides: Partial<EngineTask> = {}): Promise<unknown> {
  return supervisor.run(task(recording, overrides), () => undefined);
}

function runUntil(recording: string, type: EngineEvent['type']): { result: Promise<unknown>; reached: Promise<void> } {
  let reach: () => void;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const result = supervisor.run(task(recording), (event) => event.type === type && reach());
  result.catch(() => undefined);
  return { result, reached };
}

function stateWhere(matches: (state: EngineState) => boolean): Promise<EngineState> {
  return new Promise((resolve) => supervisor.onStateChange((state) => matches(state) && resolve(state)));
}

test('a task runs on a started engine and its events arrive in order', async () => {
  const ready = stateWhere((state) => state.status === 'ready');
  supervisor.start();
  expect(supervisor.state()).toMatchObject({ status: 'starting', restarts: 0, lastError: null });
  expect(await ready).toMatchObject({ loading: null, model: { name: 'model', weightBytes: 1 } });

  const events: string[] = [];
  const result = await supervisor.run(task('hello.wav'), (event) => events.push(event.type));
  expect(events).toEqual(['job-started', 'language-detected', 'job-done']);
  expect(result.text).toBe(` Hello from process ${supervisor.state().processId}.`);
});

test('events that come in one message arrive in their order, too', async () => {
  const events: string[] = [];
  const result = await supervisor.run(task('speaks-at-once.wav'), (event) => events.push(event.type));
  expect(events.slice(-3)).toEqual(['job-started', 'language-detected', 'job-done']);
  expect(result.text).toBe(' Hello.');
});

test('a task starts an engine that was not started, with the model that the task asks for', async () => {
  const other = join(folder, 'other-model');
  await mkdir(other);
  await run('hello.wav', { modelFolder: other });
  expect(supervisor.state().model).toMatchObject({ name: 'other-model', folder: other });
});

test('loading is told with its progress', async () => {
  const loading = stateWhere((state) => state.status === 'loading');
  supervisor.start();
  expect(await loading).toMatchObject({ loading: { progress: 0.5 }, model: null });
});

test('the memory in heartbeats is part of the state', async () => {
  await run('hello.wav');
  expect(supervisor.state().memory).toEqual({ residentBytes: 1000, activeBytes: 1, cacheBytes: 2, peakBytes: 3 });
});

test('a burst of work does not leave the engine with more room for young objects', async () => {
  const { text } = (await run('comes-in-a-burst.wav')) as { readonly text: string };
  expect(Number(text)).toBeLessThanOrEqual(4e6);
});

test('what the engine prints goes to the log', async () => {
  await run('hello.wav');
  await supervisor.stop();
  const printed = logLines.map((line) => JSON.parse(line) as { level: number; stream?: string; msg: string });
  expect(printed).toContainEqual(
    expect.objectContaining({ level: 30, stream: 'stdout', msg: 'threads 2, arithmetic exact' }),
  );
  expect(printed).toContainEqual(expect.objectContaining({ level: 40, stream: 'stderr', msg: 'a warning' }));
});

test("a task's own error comes back with its code and leaves the engine running", async () => {
  await expect(run('corrupt.wav')).rejects.toMatchObject({
    code: 'AUDIO_CORRUPT',
    message: 'Expected audio, got noise.',
    hint: 'Export it again.',
  });
  expect(supervisor.state()).toMatchObject({ status: 'ready', restarts: 0, lastError: null });
});

test.each([
  ['exits.wav', 'exit code 7'],
  ['is-killed.wav', 'signal SIGKILL'],
])(
  'a task under which the engine dies (%s) fails with the reason, and the next one runs on a new engine',
  async (recording, reason) => {
    await expect(run(recording)).rejects.toMatchObject({
      code: 'ENGINE_CRASHED',
      message: `The engine ended: ${reason}.`,
    });
    expect(supervisor.state()).toMatchObject({
      status: 'restarting',
      model: null,
      processId: null,
      lastError: { code: 'ENGINE_CRASHED' },
    });
    await run('hello.wav');
    expect(supervisor.state()).toMatchObject({ status: 'ready', restarts: 1, lastError: null });
  },
);

test('a crash is charged to a task that was at work alone, and shared among several', async () => {
  const still = runUntil('stands-still.wav', 'job-paused');
  await still.reached;
  await expect(run('exits.wav')).rejects.toMatchObject({ code: 'ENGINE_CRASHED', blame: 'alone' });
  await expect(still.result).rejects.toMatchObject({ code: 'ENGINE_CRASHED', blame: 'none' });

  const atWork = runUntil('never-ends.wav', 'job-started');
  await atWork.reached;
  await expect(run('exits.wav')).rejects.toMatchObject({ blame: 'shared' });
  await expect(atWork.result).rejects.toMatchObject({ blame: 'shared' });
});

test('an idle engine that dies is restarted without a task', async () => {
  const ready = stateWhere((state) => state.status === 'ready');
  supervisor.start();
  const { processId } = await ready;
  const readyAgain = stateWhere((state) => state.status === 'ready' && state.restarts === 1);
  process.kill(processId as number, 'SIGKILL');
  expect((await readyAgain).processId).not.toBe(processId);
});

test('a busy engine without a sign of life is killed and replaced', async () => {
  supervisor = create({ limits: { heartbeatIntervalMs: 50, missedHeartbeats: 60 } });
  await expect(run('stops-living.wav')).rejects.toMatchObject({
    code: 'ENGINE_CRASHED',
    message: 'The engine ended: no sign of life for 3 s.',
  });
  await run('hello.wav');
  expect(supervisor.state().restarts).toBe(1);
});

test('an engine that outlives its kill is let go, so that the next task and the end of the daemon do not wait for it', async () => {
  supervisor = create({ limits: { goneMs: 20 } });
  const lefts: number[] = [];
  const leaveOne = async () => {
    lefts.push(Number(((await run('leaves-one-behind.wav')) as { readonly text: string }).text));
  };
  try {
    await leaveOne();
    await expect(run('is-killed.wav')).rejects.toMatchObject({
      code: 'ENGINE_CRASHED',
      message: 'The engine ended: a kill, which it outlives.',
    });
    expect(await run('hello.wav')).toMatchObject({ text: expect.stringContaining('Hello') });
    await leaveOne();
    await supervisor.stop();
  } finally {
    for (const processId of lefts) process.kill(processId, 'SIGKILL');
  }
});

test('an engine that keeps dying counts as failed, and waiting tasks are told why', async () => {
  await writeFile(join(modelFolder, 'crash-at-start'), '');
  await expect(run('hello.wav')).rejects.toMatchObject({
    code: 'ENGINE_UNAVAILABLE',
    message: 'The engine does not run. The engine ended: exit code 3.',
  });
  expect(supervisor.state()).toMatchObject({ status: 'failed', restarts: limits.failuresInARow - 1 });
});

test('the next task brings a failed engine back once its cause is gone', async () => {
  supervisor = create({ limits: { failuresInARow: 1, restartDelayMs: 60_000 } });
  await writeFile(join(modelFolder, 'crash-at-start'), '');
  await expect(run('hello.wav')).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  await rm(join(modelFolder, 'crash-at-start'));
  await run('hello.wav');
  expect(supervisor.state()).toMatchObject({ status: 'ready', lastError: null });
});

test('a failed engine comes back by itself once its cause is gone', async () => {
  await writeFile(join(modelFolder, 'crash-at-start'), '');
  const failed = stateWhere((state) => state.status === 'failed');
  supervisor.start();
  await failed;
  const ready = stateWhere((state) => state.status === 'ready');
  await rm(join(modelFolder, 'crash-at-start'));
  expect((await ready).model).toMatchObject({ folder: modelFolder });
});

test('a model that cannot be loaded fails the engine at once, with its reason', async () => {
  await writeFile(join(modelFolder, 'invalid'), '');
  const failed = stateWhere((state) => state.status === 'failed');
  supervisor.start();
  expect(await failed).toMatchObject({ lastError: { code: 'MODEL_INVALID', hint: 'Get another.' } });
  await expect(run('hello.wav')).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});

test('a broken default model does not stand in the way of a task with another model', async () => {
  await writeFile(join(modelFolder, 'invalid'), '');
  const failed = stateWhere((state) => state.status === 'failed');
  supervisor.start();
  await failed;
  const other = join(folder, 'other-model');
  await mkdir(other);
  await run('hello.wav', { modelFolder: other });
  expect(supervisor.state()).toMatchObject({ status: 'ready', model: { name: 'other-model' }, lastError: null });
});

test('of two tasks that wait, only the one whose model is broken fails', async () => {
  await writeFile(join(modelFolder, 'invalid'), '');
  const other = join(folder, 'other-model');
  await mkdir(other);
  const broken = run('hello.wav', { jobId: 'broken' });
  const sound = run('hello.wav', { jobId: 'sound', modelFolder: other });
  await expect(broken).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  await expect(sound).resolves.toMatchObject({ text: expect.stringContaining('Hello') });
});

test('an engine module that does not exist is told as the reason', async () => {
  supervisor = create({ engineModule: join(folder, 'missing.mjs') });
  await expect(run('hello.wav')).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE' });
  expect(logLines.join('')).toContain('missing.mjs');
});

test('a cancelled task ends with CANCELLED', async () => {
  const { result, reached } = runUntil('never-ends.wav', 'job-started');
  await reached;
  supervisor.cancel('never-ends.wav');
  await expect(result).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(supervisor.state().restarts).toBe(0);
});

test('a task that still waits for an engine can be cancelled', async () => {
  const result = run('hello.wav');
  supervisor.cancel('hello.wav');
  await expect(result).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('an engine has a folder of its own, which goes with it, and others in its place stay', async () => {
  const temporaryFolder = join(folder, 'temporary');
  await mkdir(join(temporaryFolder, 'engine'), { recursive: true });
  await writeFile(join(temporaryFolder, 'engine', 'letter.txt'), '');
  await run('hello.wav');
  const [own = ''] = readdirSync(temporaryFolder).filter((name) => name !== 'engine');
  expect(readdirSync(join(temporaryFolder, own))).toEqual(['left-behind']);
  await supervisor.stop();
  expect(readdirSync(temporaryFolder)).toEqual(['engine']);
  expect(readdirSync(join(temporaryFolder, 'engine'))).toEqual(['letter.txt']);
});

test('folders of engines whose server was killed are removed at the next start', async () => {
  const temporaryFolder = join(folder, 'temporary');
  await mkdir(join(temporaryFolder, 'engine-aB3dE6'), { recursive: true });
  await mkdir(join(temporaryFolder, 'engine-of-mine'));
  await writeFile(join(temporaryFolder, 'engine-aB3dE6', 'from-a-crash.wav'), '');
  await removeEngineFolders(temporaryFolder);
  expect(readdirSync(temporaryFolder)).toEqual(['engine-of-mine']);
});

test('stopping ends the engine, rejects its tasks and refuses new ones', async () => {
  const { result, reached } = runUntil('never-ends.wav', 'job-started');
  await reached;
  const processId = supervisor.state().processId as number;
  await supervisor.stop();
  await expect(result).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await expect(run('hello.wav')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  expect(supervisor.state()).toMatchObject({ status: 'stopped', processId: null });
  expect(() => process.kill(processId, 0)).toThrow('ESRCH');
});

test('an engine that answers neither the request to end nor SIGTERM is killed', async () => {
  supervisor = create({ limits: { endMs: 50 } });
  const { reached } = runUntil('is-deaf.wav', 'language-detected');
  await reached;
  const processId = supervisor.state().processId as number;
  await supervisor.stop();
  expect(() => process.kill(processId, 0)).toThrow('ESRCH');
});

test('a supervisor that never started stops at once', async () => {
  await supervisor.stop();
  expect(supervisor.state().status).toBe('stopped');
});

test('an engine whose work stands still is killed although its heart goes on beating', async () => {
  supervisor = create({ limits: { heartbeatIntervalMs: 1000, beatsWithoutStep: 5 } });
  await expect(run('is-stuck.wav')).rejects.toMatchObject({
    code: 'ENGINE_CRASHED',
    message: 'The engine ended: no step of its work for 5 s.',
  });
  await run('hello.wav');
  expect(supervisor.state().restarts).toBe(1);
});

test('an engine that never gets ready is killed and replaced, and its task waits for the next one', async () => {
  supervisor = create({ limits: { heartbeatIntervalMs: 1000, beatsWithoutStep: 5 } });
  await writeFile(join(modelFolder, 'never-ready'), '');
  const waiting = run('hello.wav');
  await logged('no step of its work for 5 s');
  await rm(join(modelFolder, 'never-ready'));
  await waiting;
});

test('an unloaded engine is gone, which is no failure, and the next task starts another', async () => {
  await run('hello.wav');
  const { processId } = supervisor.state();
  await supervisor.unload();
  expect(supervisor.state()).toMatchObject({ status: 'unloaded', model: null, memory: null, processId: null });
  expect(() => process.kill(processId as number, 0)).toThrow('ESRCH');
  await run('hello.wav');
  expect(supervisor.state()).toMatchObject({ status: 'ready', restarts: 0, lastError: null });
});

test('a task that comes while the engine ends waits for the next one', async () => {
  await run('hello.wav');
  const unloaded = supervisor.unload();
  await run('hello.wav');
  await unloaded;
  expect(supervisor.state()).toMatchObject({ status: 'ready', restarts: 0 });
});

test('an engine that has work is not unloaded', async () => {
  const { result, reached } = runUntil('is-deaf.wav', 'language-detected');
  await reached;
  await expect(supervisor.unload()).rejects.toMatchObject({ code: 'ENGINE_BUSY' });
  await supervisor.stop();
  await expect(result).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
});

test('an engine that is kept for no time goes when it is idle', async () => {
  const unloaded = stateWhere((state) => state.status === 'unloaded');
  supervisor.configure({
    modelFolder,
    threads: 2,
    preset: 'auto',
    draftFolder: null,
    arithmetic: 'exact',
    keepAliveMs: 0,
    memoryBudgetBytes: null,
    keptFolders: [],
    minFreeDiskBytes: 0,
  });
  await run('hello.wav');
  expect(await unloaded).toMatchObject({ lastError: null });
});

test('a model is loaded ahead of its jobs, with the engine when there is none', async () => {
  const other = join(folder, 'other');
  await mkdir(other);
  expect(await supervisor.load(other)).toMatchObject({ name: 'other' });
  expect(await supervisor.load(modelFolder)).toMatchObject({ name: 'model' });
  expect(supervisor.state().model).toMatchObject({ name: 'model' });
  await writeFile(join(other, 'invalid'), '');
  await expect(supervisor.load(other)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  await run('hello.wav');
  expect(supervisor.state().restarts).toBe(0);
});

test('a model that is asked for a thousand times at once is loaded once', async () => {
  const [other, last] = [join(folder, 'other'), join(folder, 'last')];
  await run('hello.wav');
  const asked = Array.from({ length: 1000 }, () => supervisor.load(other));
  expect(new Set((await Promise.all(asked)).map(({ name }) => name))).toEqual(new Set(['other']));
  await supervisor.load(last);
  await supervisor.load(other);
  await logged('loads last');
  await supervisor.load(modelFolder);
  await logged('loads model');
  expect(logLines.join('').match(/loads \w+/g)).toEqual(['loads other', 'loads last', 'loads other', 'loads model']);
});

test('another model in the settings is loaded while the engine runs, and other threads or arithmetic restart it when it is idle', async () => {
  await run('hello.wav');
  const { processId } = supervisor.state();
  const other = join(folder, 'other');
  await mkdir(other);
  const loaded = stateWhere((state) => state.model?.name === 'other');
  supervisor.configure({
    modelFolder: other,
    threads: 2,
    preset: 'auto',
    draftFolder: null,
    arithmetic: 'exact',
    keepAliveMs: null,
    memoryBudgetBytes: null,
    keptFolders: [],
    minFreeDiskBytes: 0,
  });
  expect((await loaded).processId).toBe(processId);
  const restarted = stateWhere((state) => state.status === 'ready' && state.processId !== processId);
  supervisor.configure({
    modelFolder: other,
    threads: 1,
    preset: 'auto',
    draftFolder: null,
    arithmetic: 'exact',
    keepAliveMs: null,
    memoryBudgetBytes: null,
    keptFolders: [],
    minFreeDiskBytes: 0,
  });
  expect(await restarted).toMatchObject({ model: { name: 'other' }, restarts: 0 });
  await logged('threads 1, arithmetic exact');
  supervisor.configure({
    modelFolder: other,
    threads: 1,
    preset: 'auto',
    draftFolder: null,
    arithmetic: 'int8',
    keepAliveMs: null,
    memoryBudgetBytes: null,
    keptFolders: [],
    minFreeDiskBytes: 0,
  });
  await logged('threads 1, arithmetic int8');
});
