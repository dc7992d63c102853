import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EngineCommand, EngineEvent, EngineMessage } from '../../daemon/src/protocol/engine-messages.ts';

export const embeddedModelFolder = pathOf('assets/models/whisper-base-4bit');
export const jfk = pathOf('assets/samples/jfk.flac');
export const longRecording = pathOf('test/fixtures/audio/LJ001-long.mp3');

type EventType = EngineEvent['type'];
type EventOf<Type extends EventType> = Extract<EngineEvent, { type: Type }>;

export interface ForkedEngine {
  readonly child: ChildProcess;
  /** Every event so far, in order. */
  readonly events: readonly EngineEvent[];
  send(command: EngineCommand): void;
  /** The first event of a type that has come, or will come, for a job. */
  eventOf<Type extends EventType>(type: Type, jobId?: string): Promise<EventOf<Type>>;
  /** The next event of a type from now on. */
  nextOf<Type extends EventType>(type: Type): Promise<EventOf<Type>>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Starts the built engine process, without a supervisor, with this added to its environment. */
export function forkEngine(environment: Readonly<Record<string, string>> = {}): ForkedEngine {
  const child = fork(pathOf('daemon/dist/engine/main.js'), [], {
    serialization: 'advanced',
    execArgv: [],
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const events: EngineEvent[] = [];
  child.on('message', (message: EngineMessage) => events.push(...[message].flat()));

  async function findEvent<Type extends EventType>(start: number, type: Type, jobId?: string): Promise<EventOf<Type>> {
    for (;;) {
      const found = events.slice(start).find((event): event is EventOf<Type> => isEventOf(event, type, jobId));
      if (found !== undefined) return found;
      await once(child, 'message');
    }
  }

  return {
    child,
    events,
    send: (command) => void child.send(command),
    eventOf: (type, jobId) => findEvent(0, type, jobId),
    nextOf: (type) => findEvent(events.length, type),
    ended: once(child, 'exit').then(([code, signal]) => signal ?? code),
  };
}

function isEventOf(event: EngineEvent, type: EventType, jobId?: string): boolean {
  return event.type === type && (jobId === undefined || ('jobId' in event && event.jobId === jobId));
}

export function pathOf(pathInRepository: string): string {
  return fileURLToPath(new URL(`../../${pathInRepository}`, import.meta.url));
}
