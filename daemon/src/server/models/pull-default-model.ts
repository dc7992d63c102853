import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { HearthError } from '../../errors/hearth-error.ts';
import type { PullProgress } from '../../models/pull-model.ts';
import { isRepository } from '../../protocol/repository-name.ts';
import { embeddedModelName } from '../../settings/default-model.ts';
import type { ModelStore } from './model-store.ts';

/** Errors that another attempt may solve: no network, a full disk, a download by somebody else. */
const passing = [
  ...['HUB_UNREACHABLE', 'HUB_INVALID', 'PROXY_FAILED', 'CERTIFICATE_UNTRUSTED', 'NETWORK_LOGIN_NEEDED'],
  ...['DISK_FULL', 'MODEL_BUSY'],
];
const defaultRetry: Retry = { firstMs: 60_000, longestMs: 3_600_000 };

/** Downloads the model in the settings in the background, if it is a repository that is not on the disk at its pin yet. */
export interface DefaultModelPull {
  /** Starts with the current settings. A pull that is running ends, and continues where it stopped if it is still wanted. */
  restart(): void;
  /** What the user should know about a pull that is running or has failed. */
  warnings(): readonly string[];
  stop(): Promise<void>;
}

export interface DefaultModelPullRequest {
  readonly models: ModelStore;
  /** The name of the model in the current settings. */
  readonly model: () => string;
  readonly log: Logger;
  /** Called when the model is on the disk. */
  readonly onArrival: () => Promise<void>;
  readonly retry?: Retry;
}

interface Retry {
  readonly firstMs: number;
  readonly longestMs: number;
}

export function createDefaultModelPull(request: DefaultModelPullRequest): DefaultModelPull {
  const { models, model, log, onArrival, retry = defaultRetry } = request;
  let abort = new AbortController();
  let running = Promise.resolve();
  let warning: string | null = null;

  async function pullUntilHere(signal: AbortSignal): Promise<void> {
    warning = null;
    const repository = model();
    if (signal.aborted || !isRepository(repository)) return;
    const need = await models.pullNeeded(repository);
    if (need === null) return;
    const warn = (what: string): void => {
      warning =
        need === 'missing'
          ? `The model ${repository} ${what} Hearth uses ${embeddedModelName} until it is downloaded.`
          : `The new revision of ${repository} ${what} Hearth uses the one that is here until then.`;
    };
    for (let waitMs = retry.firstMs; !signal.aborted; waitMs = Math.min(2 * waitMs, retry.longestMs)) {
      log.info({ model: repository }, 'pulling the default model');
      try {
        const onProgress = (progress: PullProgress) => warn(`is being pulled, ${progressText(progress)}.`);
        if ((await models.pullNeeded(repository)) !== null) await models.pull({ repository, signal, onProgress });
        warning = null;
        log.info(
          { model: repository },
          need === 'missing' ? 'the default model is here' : 'the default model is updated',
        );
        return await onArrival();
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: error, model: repository }, 'the default model was not downloaded');
        const { code, message } = error as HearthError;
        warn(`could not be pulled: ${message}`);
        if (!passing.includes(code)) return;
        await delay(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  return {
    restart() {
      abort.abort();
      abort = new AbortController();
      const { signal } = abort;
      running = running.then(() => pullUntilHere(signal));
    },
    warnings: () => (warning === null ? [] : [warning]),
    async stop() {
      abort.abort();
      await running;
    },
  };
}

function progressText({ receivedBytes, totalBytes }: PullProgress): string {
  const megabytes = (byteCount: number) => Math.round(byteCount / 1e6);
  return `${megabytes(receivedBytes)} of ${megabytes(totalBytes)} MB`;
}
