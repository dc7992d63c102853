import Type from 'typebox';
import { WireErrorSchema } from './error-schema.ts';
import { oneOf } from './one-of.ts';
import { orNull } from './or-null.ts';
import { TranscriptSchema } from './transcript-schema.ts';

const summary = {
  id: Type.String(),
  name: orNull(Type.String(), { description: 'What the recording is called, where that is known.' }),
  state: oneOf('queued', 'running', 'done', 'failed', 'cancelled'),
  priority: oneOf('interactive', 'bulk'),
  queuePosition: orNull(Type.Integer(), { description: 'Jobs before it in the queue; null once it runs.' }),
  createdAt: Type.String({ format: 'date-time' }),
  startedAt: orNull(Type.String({ format: 'date-time' })),
  endedAt: orNull(Type.String({ format: 'date-time' })),
  durationSeconds: orNull(Type.Number()),
  processedSeconds: Type.Number(),
  error: orNull(WireErrorSchema),
  warnings: Type.Immutable(
    Type.Array(Type.String(), { description: 'What its owner should know although it ended well.' }),
  ),
};

export const JobSchema = Type.Object(
  { ...summary, result: orNull(TranscriptSchema) },
  { title: 'Job', additionalProperties: false, description: 'The job.' },
);

export const JobListSchema = Type.Object(
  { jobs: Type.Immutable(Type.Array(Type.Object(summary, { title: 'JobSummary', additionalProperties: false }))) },
  { title: 'JobList', additionalProperties: false, description: 'Jobs in the order they came, without their results.' },
);
