import Type, { type TProperties } from 'typebox';
import { WireErrorSchema } from './error-schema.ts';
import { SegmentSchema, TranscriptSchema } from './transcript-schema.ts';

const AudioSchema = Type.Object(
  {
    durationSeconds: Type.Number(),
    container: Type.String(),
    codec: Type.String(),
    sampleRateHz: Type.Number(),
    channels: Type.Integer(),
  },
  { title: 'AudioSummary', additionalProperties: false },
);

/** One line of a job's event stream. */
export const JobEventSchema = Type.Union(
  [
    event('job-queued', { position: Type.Integer({ description: 'Jobs before it.' }) }),
    event('job-started', {}),
    Type.Object(
      {
        jobId: Type.String(),
        type: Type.Literal('model-loading'),
        model: Type.String(),
        progress: Type.Number({ description: 'Share of loading and warming up done, 0 to 1.' }),
      },
      {
        title: 'ModelLoadingEvent',
        additionalProperties: false,
        description: 'How far the model is that the job waits for; only live, without a number.',
      },
    ),
    event('model-ready', { model: Type.String() }),
    event('audio-opened', { audio: AudioSchema }),
    event('language-detected', { language: Type.String(), probability: Type.Number() }),
    Type.Object(
      { jobId: Type.String(), type: Type.Literal('text-partial'), startSeconds: Type.Number(), text: Type.String() },
      {
        title: 'TextPartialEvent',
        additionalProperties: false,
        description: 'All text so far of the window that is being decoded; only live, without a number.',
      },
    ),
    event('segments-decoded', {
      segments: Type.Immutable(Type.Array(SegmentSchema)),
      processedSeconds: Type.Number(),
    }),
    event('job-done', { result: TranscriptSchema }),
    event('job-failed', { error: WireErrorSchema }),
    event('job-cancelled', {}),
  ],
  { title: 'JobEvent', description: 'One event per line; the last is `job-done`, `job-failed` or `job-cancelled`.' },
);

function event<const Name extends string, Properties extends TProperties>(type: Name, properties: Properties) {
  return Type.Object(
    { seq: Type.Integer(), jobId: Type.String(), type: Type.Literal(type), ...properties },
    { title: titleOf(type), additionalProperties: false },
  );
}

/** `job-queued` to `JobQueuedEvent`. */
function titleOf(type: string): string {
  const words = type.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join('')}Event`;
}
