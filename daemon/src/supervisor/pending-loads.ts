import { randomUUID } from 'node:crypto';
import type { HearthError } from '../errors/hearth-error.ts';
import { fromWireError } from '../errors/wire-error.ts';
import type { EngineCommand, EngineEvent, LoadedModel } from '../messages/engine-messages.ts';

interface PendingLoad {
  readonly modelFolder: string;
  readonly resolve: (model: LoadedModel) => void;
  readonly reject: (error: HearthError) => void;
  sent: boolean;
}

/** Models that were asked for ahead of jobs and are not ready yet. */
export interface PendingLoads {
  readonly size: number;
  add(modelFolder: string): Promise<LoadedModel>;
  firstWaiting(): string | null;
  sendWaiting(send: (command: EngineCommand) => void): void;
  handle(event: EngineEvent): void;
  reject(error: HearthError): void;
}

export function createPendingLoads(): PendingLoads {
  const loads = new Map<string, PendingLoad>();
  return {
    get size() {
      return loads.size;
    },
    add(modelFolder) {
      return new Promise((resolve, reject) => {
        loads.set(randomUUID(), { modelFolder, resolve, reject, sent: false });
      });
    },
    firstWaiting: () => [...loads.values()].find(({ sent }) => !sent)?.modelFolder ?? null,
    sendWaiting(send) {
      for (const [loadId, load] of loads) {
        if (load.sent) continue;
        load.sent = true;
        send({ type: 'load', loadId, modelFolder: load.modelFolder });
      }
    },
    handle(event) {
      if (event.type !== 'load-done' && event.type !== 'load-failed') return;
      const load = loads.get(event.loadId);
      loads.delete(event.loadId);
      if (event.type === 'load-done') load?.resolve(event.model);
      else load?.reject(fromWireError(event.error));
    },
    reject(error) {
      for (const { reject } of loads.values()) reject(error);
      loads.clear();
    },
  };
}
