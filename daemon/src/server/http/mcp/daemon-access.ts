import { HearthError } from '../../../errors/hearth-error.ts';
import { shorten } from '../../../errors/shorten.ts';
import type { HearthAccess } from '../../../mcp/hearth-access.ts';
import { historyPageLength } from '../../../protocol/history-page-length.ts';
import { acceptJob } from '../accept-job.ts';
import { describeModels } from '../describe-models.ts';
import { requireTranscript } from '../job-answer.ts';
import { takeFile } from '../receive-recording.ts';
import type { Services } from '../services.ts';

export type McpServices = Pick<Services, 'jobs' | 'models' | 'spool' | 'history' | 'supervisor' | 'mcpFolders'>;

/** Who asks, as far as the queue is concerned. */
export interface McpClient {
  readonly client: string;
  readonly isFromNetwork: boolean;
}

/** The MCP server's work in the daemon itself, which opens the recordings. */
export function daemonAccess(
  { jobs, models, spool, history, supervisor, mcpFolders }: McpServices,
  { client, isFromNetwork }: McpClient,
): HearthAccess {
  return {
    folders: mcpFolders,
    async transcribe({ path, options, signal, onEvent }) {
      const { job } = await acceptJob(
        { jobs, models, spool },
        {
          ...{ client, isFromNetwork, options, detached: false, isOneOfMany: true, priority: null, kept: true },
          requireModel: () => undefined,
          receive: async () => ({
            recording: await takeFile(spool, path, { durable: false, followLinks: false }),
            options,
          }),
        },
      );
      const cancel = () => {
        if (job.endedAt === null) jobs.cancel(job.id);
      };
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true });
      for await (const event of job.events.follow(0)) onEvent(event);
      return { id: job.id, transcript: requireTranscript(await job.ended) };
    },
    async searchHistory({ query = '', limit = historyPageLength.default, before = null }) {
      return history.search({ query, limit, before });
    },
    async getTranscript(id) {
      const found = history.find(id);
      if (found !== null) return found;
      throw new HearthError('HISTORY_ENTRY_NOT_FOUND', `No transcript has the id ${shorten(id)}.`);
    },
    listModels: () => describeModels({ models, supervisor }),
  };
}
