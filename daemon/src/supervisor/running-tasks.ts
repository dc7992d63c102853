import { HearthError } from '../errors/hearth-error.ts';
import { fromWireError } from '../errors/wire-error.ts';
import type { EngineCommand, EngineEvent, TranscriptionResult } from '../messages/engine-messages.ts';
import type { Blame } from './engine-crash.ts';
import type { EngineTask } from './supervisor.ts';

interface RunningTask {
  readonly task: EngineTask;
  readonly onEvent: (event: EngineEvent) => void;
  readonly resolve: (result: TranscriptionResult) => void;
  readonly reject: (error: HearthError) => void;
  /** Whether the engine has it; until then it waits for an engine. */
  sent: boolean;
  /** Whether the engine is at work on it: begun, and not standing still. */
  active: boolean;
  cancelled: boolean;
}

/** The tasks that were handed to the supervisor and have no answer yet. */
export interface RunningTasks {
  readonly size: number;
  add(task: EngineTask, onEvent: (event: EngineEvent) => void): Promise<TranscriptionResult>;
  firstWaiting(): EngineTask | null;
  sendWaiting(send: (command: EngineCommand) => void): void;
  cancel(jobId: string, send: (command: EngineCommand) => void): void;
  /** Hands an event to its task; `job-done` and `job-failed` end it. */
  handle(event: EngineEvent): void;
  /** Ends each task for which there is an error; `blame` is null for one that the engine did not have. */
  reject(errorFor: (task: EngineTask, blame: Blame | null) => HearthError | null): void;
}

export function createRunningTasks(): RunningTasks {
  const tasks = new Map<string, RunningTask>();
  const waiting = () => [...tasks.values()].filter((running) => !running.sent);

  function end(running: RunningTask, error: HearthError): void {
    tasks.delete(running.task.jobId);
    running.reject(running.cancelled ? cancelledError(running.task.jobId) : error);
  }

  return {
    get size() {
      return tasks.size;
    },
    add(task, onEvent) {
      return new Promise((resolve, reject) => {
        tasks.set(task.jobId, { task, onEvent, resolve, reject, sent: false, active: false, cancelled: false });
      });
    },
    firstWaiting() {
      return waiting()[0]?.task ?? null;
    },
    sendWaiting(send) {
      for (const running of waiting()) {
        running.sent = true;
        send({ type: 'transcribe', ...running.task });
      }
    },
    cancel(jobId, send) {
      const running = tasks.get(jobId);
      if (running === undefined) return;
      running.cancelled = true;
      if (running.sent) send({ type: 'cancel', jobId });
      else end(running, cancelledError(jobId));
    },
    handle(event) {
      const running = 'jobId' in event ? tasks.get(event.jobId) : undefined;
      if (running === undefined) return;
      if (event.type === 'job-started' || event.type === 'job-resumed') running.active = true;
      if (event.type === 'job-paused') running.active = false;
      running.onEvent(event);
      if (event.type === 'job-failed') end(running, fromWireError(event.error));
      if (event.type !== 'job-done') return;
      tasks.delete(event.jobId);
      running.resolve(event.result);
    },
    reject(errorFor) {
      const atWork = [...tasks.values()].filter(({ active }) => active).length;
      for (const running of [...tasks.values()]) {
        const blame = running.active ? (atWork === 1 ? 'alone' : 'shared') : 'none';
        const error = errorFor(running.task, running.sent ? blame : null);
        if (error !== null) end(running, error);
      }
    },
  };
}

function cancelledError(jobId: string): HearthError {
  return new HearthError('CANCELLED', `Expected job ${jobId} to run to its end, got its cancellation.`);
}
