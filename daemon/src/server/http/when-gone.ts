import type { FastifyReply } from 'fastify';
import type { Job } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';

/** Calls back when the client closes its connection, also when it did so while its recording was looked at. */
export function whenGone({ raw }: FastifyReply, callBack: () => void): void {
  if (raw.destroyed) callBack();
  else raw.once('close', callBack);
}

/** Cancels a job whose client closes its connection. */
export function cancelWhenGone(reply: FastifyReply, job: Job, jobs: Pick<Jobs, 'cancel'>): void {
  whenGone(reply, () => {
    if (job.endedAt === null) jobs.cancel(job.id);
  });
}
