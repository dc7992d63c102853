import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { systemReason } from '../../errors/system-reason.ts';
import type { EngineCommand, EngineEvent, EngineMessage } from '../../protocol/engine-messages.ts';
import { afterRunningFor } from '../../time/after-running-for.ts';
import { makeEngineFolder } from './engine-folder.ts';
import type { EngineLimits } from './engine-limits.ts';
import { watchHeartbeats } from './heartbeat-watch.ts';
import { watchProgress } from './progress-watch.ts';

export interface EngineProcess {
  readonly processId: number | null;
  /** Its own folder, empty at first and removed after the process has ended. */
  readonly temporaryFolder: string;
  /** Whether its work has made no progress for so long that the user should know. */
  isStalled(): boolean;
  send(command: EngineCommand): void;
  /** Asks the process to end, then kills it. Resolves when it is gone, or has outlived that for too long. */
  end(): Promise<void>;
}

/**
 * Young objects get 2 MB instead of up to 32: V8 makes more room when work comes in a burst, and an idle engine would keep
 * it. What lives longer than a moment is collected after its job (collectGarbageOfJobs).
 */
const engineFlags = ['--max-semi-space-size=1'];

export interface EngineProcessRequest {
  /** Path of the built `engine/main.js`. */
  readonly engineModule: string;
  /** Where the folder of the process is created. */
  readonly temporaryFolder: string;
  readonly limits: EngineLimits;
  readonly log: Logger;
  readonly isBusy: () => boolean;
  readonly isImpatient: () => boolean;
  /** Whether it has work that should progress and is not waiting for a converter. */
  readonly shouldMove: () => boolean;
  readonly onEvent: (event: EngineEvent) => void;
  /** Called once with the reason for its end: `exit code 1`, `signal SIGKILL`, …. */
  readonly onEnd: (reason: string) => void;
}

/** Starts an engine process in its own process group: converters end with it, and Ctrl-C in a terminal does not reach it. */
export function startEngineProcess(request: EngineProcessRequest): EngineProcess {
  const { limits, log } = request;
  const temporaryFolder = makeEngineFolder(request.temporaryFolder);
  const child = fork(request.engineModule, [], {
    detached: true,
    execArgv: engineFlags,
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });

  let killedFor: string | null = null;
  const watch = watchHeartbeats({
    limits,
    isBusy: request.isBusy,
    isImpatient: request.isImpatient,
    onSilence(missed) {
      killedFor = `no sign of life for ${(missed * limits.heartbeatIntervalMs) / 1000} s`;
      kill();
    },
  });
  const progress = watchProgress({
    limits,
    shouldMove: request.shouldMove,
    onStuck() {
      killedFor = `no step of its work for ${(limits.beatsWithoutStep * limits.heartbeatIntervalMs) / 1000} s`;
      kill();
    },
  });
  child.on('message', (message: EngineMessage) => {
    watch.beat();
    for (const event of [message].flat()) {
      if (event.type === 'heartbeat') progress.beat(event.progress);
      else progress.reset();
      request.onEvent(event);
    }
  });
  logLines(child.stdout, (line) => log.info({ processId: child.pid, stream: 'stdout' }, line));
  logLines(child.stderr, (line) => log.warn({ processId: child.pid, stream: 'stderr' }, line));

  const gone = Promise.withResolvers<string>();
  void endOf(child).then(gone.resolve);
  // A converter left behind by the process would keep its streams open; one that has left its group does so even then.
  child.once('exit', kill);

  /** It may outlive even that: nothing of it counts any more, and whoever waits for its end goes on. */
  function kill(): void {
    killGroup(child);
    const patience = afterRunningFor(limits.goneMs, () => {
      log.error({ processId: child.pid }, 'engine killed, but not gone');
      letGo(child);
      gone.resolve('a kill, which it outlives');
    });
    void gone.promise.then(patience.stop);
  }

  const ended = gone.promise.then((reason) => {
    watch.stop();
    try {
      rmSync(temporaryFolder, { recursive: true, force: true });
    } catch (error) {
      log.warn({ error, temporaryFolder }, "engine's folder left behind");
    }
    request.onEnd(killedFor ?? reason);
    return true;
  });

  function send(command: EngineCommand): void {
    // If the channel closes during a message, the process is ending, and `onEnd` reports it.
    if (child.connected) child.send(command, () => undefined);
  }

  function endsInTime(): Promise<boolean> {
    return Promise.race([ended, delay(limits.endMs, false, { ref: false })]);
  }

  async function end(): Promise<void> {
    send({ type: 'shut-down' });
    if (await endsInTime()) return;
    child.kill('SIGTERM');
    if (await endsInTime()) return;
    kill();
    await ended;
  }

  return { processId: child.pid ?? null, temporaryFolder, isStalled: progress.isStalled, send, end };
}

/** Resolves after the last message and the last line of the process, with the reason for its end. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(`a failure to start it: ${systemReason(error)}`);
    });
  });
}

function letGo(child: ChildProcess): void {
  child.removeAllListeners('message');
  if (child.connected) child.disconnect();
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  child.unref();
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group is gone.
  }
}

function logLines(stream: Readable | null, log: (line: string) => void): void {
  if (stream !== null) createInterface({ input: stream }).on('line', log);
}
