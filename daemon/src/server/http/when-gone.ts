import type { FastifyReply } from 'fastify';
import type { Job } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';

/** Calls back when the client closes its connection, even if that happened while its recording was being checked. */
export function whenGone({ raw }: FastifyReply, callBack: () => void): void {
  if (raw.destroyed) callBack();
  else raw.once('close', callBack);
}

/** Cancels a job if its client closes the connection. */
export function cancelWhenGone(reply: FastifyReply, job: Job, jobs: Pick<Jobs, 'cancel'>): void {
  whenGone(reply, () => {
    if (job.endedAt === null) jobs.cancel(job.id);
  });
}
