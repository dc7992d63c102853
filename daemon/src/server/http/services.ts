import type { Logger } from 'pino';
import type { Health } from '../../protocol/health.ts';
import type { History } from '../history/history.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Spool } from '../jobs/spool.ts';
import type { ModelStore } from '../models/model-store.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { Watch } from '../watch/watch.ts';
import type { WordListFile } from '../words/word-list.ts';
import type { AnswerPace } from './kept-alive.ts';
import type { Metrics } from './metrics.ts';
import type { RealtimeLimits } from './realtime/realtime-connections.ts';

/** What routes need to answer requests. Each route names the services it uses. */
export interface Services {
  readonly jobs: Jobs;
  readonly spool: Spool;
  readonly supervisor: Supervisor;
  /** How long an idle model stays; null for as long as its memory is not needed. It changes with the settings. */
  readonly keepAliveMs: () => number | null;
  readonly models: ModelStore;
  readonly history: History;
  readonly words: WordListFile;
  readonly watch: Watch;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly version: string;
  /** The token required over TCP. It changes with the settings. */
  readonly token: () => string;
  /** Origins of web pages that may ask. */
  readonly allowedOrigins: () => readonly string[];
  /** Whether `/mcp` answers, and where its clients may name recordings. Both change with the settings. */
  readonly isMcpOn: () => boolean;
  readonly mcpFolders: () => readonly string[];
  readonly health: () => Promise<Health>;
  readonly answerPace: AnswerPace;
  readonly realtimeLimits?: RealtimeLimits;
}
