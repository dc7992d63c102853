import { HearthError } from '../errors/hearth-error.ts';
import type {
  AvailableModel,
  ListedModel,
  ModelList,
  ModelRecommendation,
  PrunedModel,
  PrunedModels,
  PullEvent,
} from '../protocol/models.ts';
import type { LoadedModel } from '../protocol/residency.ts';
import { fromWireError } from '../protocol/wire-error.ts';
import { askJson } from './answer-within.ts';
import { readEvents } from './read-events.ts';
import { type Daemon, request, requestJson } from './request.ts';
import { whileAnswering } from './while-answering.ts';

export interface PullRequest {
  /** `owner/name` on the Hub. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision?: string | undefined;
  /** The folder of the model in a repository with several. */
  readonly folder?: string | undefined;
  /** The absolute path of a model that was brought by hand; nothing is downloaded then. */
  readonly offlinePath?: string | undefined;
  readonly onProgress?: (receivedBytes: number, totalBytes: number) => void;
}

/** The models on this machine. */
export async function listModels(daemon: Daemon): Promise<readonly ListedModel[]> {
  const { models } = await askJson<ModelList>(daemon, { path: '/v1/models' });
  return models;
}

/** The models that are worth having, and those that suit this machine best. */
export async function listAvailableModels(daemon: Daemon): Promise<{
  readonly available: readonly AvailableModel[];
  readonly recommended: readonly ModelRecommendation[];
}> {
  const answer = await askJson<ModelList>(daemon, { path: '/v1/models?available=true' });
  return { available: answer.available ?? [], recommended: answer.recommended ?? [] };
}

/** Deletes earlier revisions of models and leftovers of downloads; returns what is gone. */
export async function pruneModels(daemon: Daemon): Promise<readonly PrunedModel[]> {
  const { pruned } = await requestJson<PrunedModels>(daemon, { method: 'POST', path: '/v1/models/prune' });
  return pruned;
}

/**
 * Downloads a model; returns its name. Aborting the daemon's signal ends the download, and the next one continues it.
 * @throws what the download fails with, `CANCELLED`, `CONNECTION_LOST`, `DAEMON_UNREACHABLE`
 */
export async function pullModel(daemon: Daemon, { onProgress, ...body }: PullRequest): Promise<string> {
  return whileAnswering(daemon, async (watched) => {
    const response = await request(watched, { method: 'POST', path: '/v1/models/pull', body });
    for await (const event of readEvents<PullEvent>(watched, response)) {
      if (event.type === 'pull-progress') onProgress?.(event.receivedBytes, event.totalBytes);
      if (event.type === 'pull-failed') throw fromWireError(event.error);
      if (event.type === 'pull-done') return event.name;
    }
    throw new HearthError('CONNECTION_LOST', 'The daemon went away before the download ended.');
  });
}

/** Loads a model, the default one without a name. @throws `MODEL_NOT_FOUND`, what loading fails with */
export function loadModel(daemon: Daemon, name?: string): Promise<LoadedModel> {
  const asked = { method: 'POST', path: '/v1/models/load', body: { model: name } } as const;
  return whileAnswering(daemon, (watched) => requestJson(watched, asked));
}

/** Frees the memory of a model, or of all without a name, until the next job. @throws `ENGINE_BUSY`, `MODEL_NOT_FOUND` */
export async function unloadModel(daemon: Daemon, name?: string): Promise<void> {
  const asked = { method: 'POST', path: '/v1/models/unload', body: { model: name } } as const;
  await whileAnswering(daemon, (watched) => requestJson(watched, asked));
}

/** Deletes a downloaded model from the disk. @throws `MODEL_NOT_FOUND`, `MODEL_BUSY` */
export async function removeModel(daemon: Daemon, name: string): Promise<void> {
  const asked = { method: 'DELETE', path: `/v1/models/${encodeURIComponent(name)}` } as const;
  (await whileAnswering(daemon, (watched) => request(watched, asked))).resume();
}
