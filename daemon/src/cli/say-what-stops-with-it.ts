import type { Health } from '../messages/health.ts';
import { say } from './terminal/print.ts';

/** Says whose work a daemon leaves when it is asked to stop: it may not be that of whoever stops it. */
export function sayWhatStopsWithIt({ running, queued }: Health['jobs']): void {
  const counts = [
    ...(running > 0 ? [`${running} ${running === 1 ? 'job is' : 'jobs are'} running`] : []),
    ...(queued > 0 ? [`${queued} ${queued === 1 ? 'job is' : 'jobs are'} waiting`] : []),
  ];
  say(
    `${counts.join(' and ')}. What is running gets a moment to finish. Of the rest, detached jobs continue when the ` +
      'daemon starts again, and the others are cancelled.',
  );
}
