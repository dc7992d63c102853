import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import type { EngineEvent, EngineTask } from '../../../../daemon/src/protocol/engine-messages.ts';
import type { LoadedModel } from '../../../../daemon/src/protocol/residency.ts';
import type { Transcript } from '../../../../daemon/src/protocol/transcript.ts';
import { EngineCrash } from '../../../../daemon/src/server/supervisor/engine-crash.ts';
import { defaultEngineLimits } from '../../../../daemon/src/server/supervisor/engine-limits.ts';
import type { EngineSettings } from '../../../../daemon/src/server/supervisor/supervisor.ts';
import {
  type Effect,
  initialState,
  type SupervisorEvent,
  type SupervisorState,
} from '../../../../daemon/src/server/supervisor/supervisor-state.ts';
import { transition } from '../../../../daemon/src/server/supervisor/transition.ts';

const settings: EngineSettings = {
  modelFolder: '/models/a',
  threads: null,
  preset: 'auto',
  draftFolder: null,
  arithmetic: 'exact',
  minFreeDiskBytes: 0,
  keepAliveMs: 1000,
  memoryBudgetBytes: null,
  keptFolders: [],
};

/** What the law says of everything that was asked for, held against what the transitions do. */
class World {
  state: SupervisorState = initialState(settings, defaultEngineLimits);
  isAlive = false;
  restTimerRuns = false;
  restartTimerRuns = false;
  hasStopped = false;
  asked = new Map<string, 'open' | 'answered'>();
  sentToThisEngine = new Set<string>();
  activeOnThisEngine = new Set<string>();
  loadsOnThisEngine = new Set<string>();

  do(event: SupervisorEvent): void {
    const [next, effects] = transition(this.state, event);
    this.state = next;
    for (const effect of effects) this.perform(effect);
    const isOpen = [...this.asked.values()].includes('open');
    // No lost task: something is on its way that will bring every open one to its end.
    if (isOpen) expect(this.isAlive || this.restartTimerRuns).toBe(true);
    expect(['starting', 'ready', 'ending', 'shutting-down'].includes(next.phase.name)).toBe(this.isAlive);
    expect(next.tasks.size + next.loads.size).toBe([...this.asked.values()].filter((each) => each === 'open').length);
  }

  perform(effect: Effect): void {
    switch (effect.type) {
      case 'launch':
        expect(this.isAlive).toBe(false);
        expect(this.hasStopped).toBe(false);
        this.isAlive = true;
        break;
      case 'send': {
        expect(this.isAlive).toBe(true);
        const { command } = effect;
        if (command.type === 'transcribe') this.send(command.jobId);
        if (command.type === 'load') this.send(command.loadId);
        if (command.type === 'load') this.loadsOnThisEngine.add(command.loadId);
        break;
      }
      case 'start-restart-timer':
        this.restartTimerRuns = true;
        break;
      case 'stop-restart-timer':
        this.restartTimerRuns = false;
        break;
      case 'start-rest-timer':
        this.restTimerRuns = true;
        break;
      case 'stop-rest-timer':
        this.restTimerRuns = false;
        break;
      case 'resolve-task':
        this.answer(effect.jobId);
        break;
      case 'reject-task':
        this.judge(effect);
        this.answer(effect.jobId);
        break;
      case 'resolve-load':
      case 'reject-load':
        // A load that came of changed settings is nobody's.
        this.answer(effect.loadId);
    }
  }

  send(id: string): void {
    expect(this.state.phase.name).toBe('ready');
    expect(this.asked.get(id)).toBe('open');
    expect(this.sentToThisEngine.has(id)).toBe(false);
    this.sentToThisEngine.add(id);
  }

  /** Only one that was at work alone is charged, and one that no engine had is never. */
  judge({ jobId, error }: Extract<Effect, { type: 'reject-task' }>): void {
    if (!(error instanceof EngineCrash)) return;
    expect(this.sentToThisEngine.has(jobId)).toBe(true);
    const isActive = this.activeOnThisEngine.has(jobId);
    const isAlone = this.activeOnThisEngine.size === 1 && this.loadsOnThisEngine.size === 0;
    expect(error.blame).toBe(isActive ? (isAlone ? 'alone' : 'shared') : 'none');
  }

  answer(id: string): void {
    expect(this.asked.get(id)).toBe('open');
    this.asked.set(id, 'answered');
  }

  say(event: EngineEvent): void {
    this.do({ type: 'engine-said', event });
  }

  die(): void {
    this.isAlive = false;
    this.do({
      type: 'engine-ended',
      error: { code: 'ENGINE_CRASHED', message: 'The engine was killed.', hint: '' },
    });
    this.sentToThisEngine.clear();
    this.activeOnThisEngine.clear();
    this.loadsOnThisEngine.clear();
  }
}

const model = { name: 'a', folder: '/models/a' } as LoadedModel;
const failure = { code: 'MODEL_INVALID', message: 'Expected weights.', hint: '' } as const;
const folders = ['/models/a', '/models/b'];
let counter = 0;

/** What may happen next; `pick` chooses among what is open, so that every sequence is a possible one. */
const happenings: Readonly<Record<string, (world: World, pick: number) => void>> = {
  run(world, pick) {
    if (world.hasStopped) return;
    const jobId = `task-${++counter}`;
    world.asked.set(jobId, 'open');
    const task: EngineTask = {
      jobId,
      audioPath: '/a.wav',
      modelFolder: folders[pick % 2] as string,
      options: {},
      priority: 'bulk',
    };
    world.do({ type: 'run', task });
  },
  load(world, pick) {
    if (world.hasStopped) return;
    const loadId = `load-${++counter}`;
    world.asked.set(loadId, 'open');
    world.do({ type: 'load', loadId, modelFolder: folders[pick % 2] as string });
  },
  cancel(world, pick) {
    const jobId = pickFrom(world.state.tasks.keys(), pick);
    if (jobId !== undefined) world.do({ type: 'cancel', jobId });
  },
  start: (world) => !world.hasStopped && world.do({ type: 'start' }),
  unload: (world) => world.do({ type: 'unload' }),
  configure(world, pick) {
    const loadId = `load-${++counter}`;
    const next = { ...settings, modelFolder: folders[pick % 2] as string, threads: pick % 3 === 0 ? 1 : null };
    const [{ loads }] = transition(world.state, { type: 'configure', settings: next, loadId });
    if (loads.has(loadId)) world.asked.set(loadId, 'open');
    world.do({ type: 'configure', settings: next, loadId });
  },
  stop(world) {
    world.hasStopped = true;
    world.do({ type: 'stop', reason: new HearthError('SHUTTING_DOWN', 'Hearth stops.') });
  },
  restTime: (world) => world.restTimerRuns && world.do({ type: 'rest-time' }),
  restartTime(world) {
    if (!world.restartTimerRuns) return;
    world.restartTimerRuns = false;
    world.do({ type: 'restart-time' });
  },
  ready: (world) => world.isAlive && world.say({ type: 'model-ready', model }),
  cannotStart: (world) => world.state.phase.name === 'starting' && world.say({ type: 'engine-failed', error: failure }),
  dies: (world) => world.isAlive && world.die(),
  begins(world, pick) {
    const jobId = pickFrom(openOn(world), pick);
    if (jobId === undefined) return;
    world.activeOnThisEngine.add(jobId);
    world.say({ type: 'job-started', jobId });
  },
  pauses(world, pick) {
    const jobId = pickFrom(openOn(world), pick);
    if (jobId === undefined) return;
    world.activeOnThisEngine.delete(jobId);
    world.say({ type: 'job-paused', jobId });
  },
  finishes(world, pick) {
    const jobId = pickFrom(openOn(world), pick);
    if (jobId === undefined) return;
    world.activeOnThisEngine.delete(jobId);
    if (pick % 2 === 0) world.say({ type: 'job-done', jobId, result: {} as Transcript });
    else world.say({ type: 'job-failed', jobId, error: { code: 'AUDIO_CORRUPT', message: 'Noise.', hint: '' } });
  },
  loads(world, pick) {
    const loadId = pickFrom(world.isAlive ? world.loadsOnThisEngine : [], pick);
    if (loadId === undefined) return;
    world.loadsOnThisEngine.delete(loadId);
    if (pick % 2 === 0) world.say({ type: 'load-done', loadId, model });
    else world.say({ type: 'load-failed', loadId, error: failure });
  },
};

function openOn(world: World): string[] {
  return world.isAlive ? [...world.state.tasks].flatMap(([id, { isSent }]) => (isSent ? [id] : [])) : [];
}

function pickFrom(from: Iterable<string>, pick: number): string | undefined {
  const all = [...from];
  return all[pick % all.length];
}

const sequence = fc.array(fc.tuple(fc.constantFrom(...Object.keys(happenings)), fc.nat(1000)), { maxLength: 80 });

test('whatever happens in whatever order: never two engines, no task lost, one answer each, blame where it is due', () => {
  fc.assert(
    fc.property(sequence, (steps) => {
      const world = new World();
      for (const [name, pick] of steps) happenings[name]?.(world, pick);
      if (!world.hasStopped) happenings['stop']?.(world, 0);
      if (world.isAlive) world.die();
      expect(world.state.phase).toEqual({ name: 'stopped' });
      expect([...world.asked.values()].filter((each) => each === 'open')).toEqual([]);
    }),
    { numRuns: 2000 },
  );
});

test('an engine that lives brings every task to its end without another event from outside', () => {
  fc.assert(
    fc.property(sequence, (steps) => {
      const world = new World();
      for (const [name, pick] of steps) if (name !== 'stop') happenings[name]?.(world, pick);
      for (let round = 0; round < 200 && world.state.tasks.size > 0; round++) {
        if (world.restartTimerRuns) happenings['restartTime']?.(world, 0);
        if (world.state.phase.name === 'ending') world.die();
        else if (world.state.startError !== null && world.isAlive) world.die();
        happenings['ready']?.(world, 0);
        happenings['finishes']?.(world, 0);
      }
      expect(world.state.tasks.size).toBe(0);
    }),
    { numRuns: 1000 },
  );
});

test('a crash under work says nothing about whether an engine can run', () => {
  const world = new World();
  for (let crash = 0; crash < 3 * defaultEngineLimits.failuresInARow; crash++) {
    happenings['run']?.(world, 0);
    if (world.restartTimerRuns) happenings['restartTime']?.(world, 0);
    happenings['ready']?.(world, 0);
    happenings['begins']?.(world, 0);
    world.die();
    expect(world.state.engine.status).toBe('restarting');
  }
});

test('a task is told how its own model comes along until its recording is open, also one that comes in the middle', () => {
  const told: [string, string][] = [];
  let state = initialState(settings, defaultEngineLimits);
  function advance(event: SupervisorEvent): void {
    const [next, effects] = transition(state, event);
    state = next;
    for (const effect of effects) if (effect.type === 'notify-task') told.push([effect.jobId, effect.event.type]);
  }
  const run = (jobId: string, modelFolder: string) =>
    advance({ type: 'run', task: { jobId, audioPath: '/a.wav', modelFolder, options: {}, priority: 'bulk' } });
  run('first', '/models/a');
  run('other', '/models/b');
  advance({ type: 'engine-said', event: { type: 'model-loading', modelFolder: '/models/a', progress: 0.5 } });
  run('late', '/models/a');
  advance({ type: 'engine-said', event: { type: 'model-ready', model } });
  expect(told).toEqual([
    ['first', 'model-loading'],
    ['late', 'model-loading'],
    ['first', 'model-ready'],
    ['late', 'model-ready'],
  ]);
  told.length = 0;
  const audio = { durationSeconds: 1, container: 'WAV', codec: 'PCM', sampleRateHz: 16_000, channels: 1 };
  advance({ type: 'engine-said', event: { type: 'audio-opened', jobId: 'first', audio } });
  advance({ type: 'engine-said', event: { type: 'model-loading', modelFolder: '/models/a', progress: 0 } });
  expect(told).toEqual([
    ['first', 'audio-opened'],
    ['late', 'model-loading'],
  ]);
});

test('an engine that is killed while the daemon drains is not replaced', () => {
  const world = new World();
  happenings['run']?.(world, 0);
  happenings['ready']?.(world, 0);
  happenings['begins']?.(world, 0);
  world.do({ type: 'drain' });
  world.die();
  expect(world.restartTimerRuns).toBe(false);
  expect(world.state.phase).toEqual({ name: 'stopped' });
});

test('a kept model is loaded by each engine, but not one that an engine died of until the settings change', () => {
  const kept = { ...settings, keptFolders: ['/models/b'] };
  const world = new World();
  world.state = initialState(kept, defaultEngineLimits);
  const loadId = 'keep:/models/b';
  const begin = () => {
    world.asked.set(loadId, 'open');
    happenings['ready']?.(world, 0);
  };
  happenings['start']?.(world, 0);
  begin();
  expect([...world.loadsOnThisEngine]).toEqual([loadId]);
  world.die();
  expect(world.state.engine.notKept).toMatchObject({ '/models/b': { code: 'ENGINE_CRASHED' } });
  happenings['restartTime']?.(world, 0);
  happenings['ready']?.(world, 0);
  expect(world.state.phase.name).toBe('ready');
  expect([...world.loadsOnThisEngine]).toEqual([]);
  world.asked.set(loadId, 'open');
  world.do({ type: 'configure', settings: { ...kept, memoryBudgetBytes: 1e9 }, loadId: 'none' });
  expect([...world.loadsOnThisEngine]).toEqual([loadId]);
});
