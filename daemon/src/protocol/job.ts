import Type from 'typebox';
import { WireErrorSchema } from './error-answer.ts';
import { listOf, oneOf, orNull, type Shape } from './schema-parts.ts';
import { TranscriptSchema } from './transcript.ts';

const summary = {
  id: Type.String(),
  name: orNull(Type.String(), { description: 'Name of the recording, if known.' }),
  state: oneOf('queued', 'running', 'done', 'failed', 'cancelled'),
  priority: oneOf('interactive', 'bulk'),
  queuePosition: orNull(Type.Integer(), { description: 'Jobs ahead of it in the queue; null once it runs.' }),
  createdAt: Type.String({ format: 'date-time' }),
  startedAt: orNull(Type.String({ format: 'date-time' })),
  endedAt: orNull(Type.String({ format: 'date-time' })),
  durationSeconds: orNull(Type.Number()),
  processedSeconds: Type.Number(),
  receivedBytes: orNull(Type.Integer(), {
    description: 'What has come of a live session, where its client may go on; null for other jobs.',
  }),
  error: orNull(WireErrorSchema),
  warnings: listOf(Type.String(), { description: 'What the owner should know even if the job ended well.' }),
};

export const JobSchema = Type.Object(
  { ...summary, result: orNull(TranscriptSchema) },
  { title: 'Job', additionalProperties: false, description: 'The job.' },
);

const JobSummarySchema = Type.Object(summary, { title: 'JobSummary', additionalProperties: false });

export const JobListSchema = Type.Object(
  { jobs: listOf(JobSummarySchema) },
  { title: 'JobList', additionalProperties: false, description: 'Jobs in the order they came, without their results.' },
);

/** A job in a list of jobs. */
export interface JobSummary extends Shape<typeof JobSummarySchema> {}
/** A single job. */
export interface JobDetails extends Shape<typeof JobSchema> {}
export interface JobList extends Shape<typeof JobListSchema> {}
export type JobState = JobSummary['state'];
/** Interactive jobs, which somebody is waiting for, run before bulk jobs. */
export type JobPriority = JobSummary['priority'];
