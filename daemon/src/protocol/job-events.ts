import Type, { type TProperties } from 'typebox';
import { WireErrorSchema } from './error-answer.ts';
import { listOf, type Shape } from './schema-parts.ts';
import { SegmentSchema, TranscriptSchema } from './transcript.ts';

const AudioSchema = Type.Object(
  {
    durationSeconds: Type.Number({
      description: 'According to the file, where it says how long it is; the result has the true length.',
    }),
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
    event('job-queued', { position: Type.Integer({ description: 'Jobs ahead of it.' }) }),
    event('job-started', {}),
    passingEvent(
      'model-loading',
      {
        model: Type.String(),
        progress: Type.Number({ description: 'How much of loading and warm-up is done, 0 to 1.' }),
      },
      'Progress of the model that the job waits for. Sent live only, without `seq`.',
    ),
    event('model-ready', { model: Type.String() }),
    event('audio-opened', { audio: AudioSchema }),
    event('language-detected', { language: Type.String(), probability: Type.Number() }),
    passingEvent(
      'text-partial',
      { startSeconds: Type.Number(), text: Type.String(), speaker: Type.Optional(Type.String()) },
      'The text so far of the window being decoded. Sent live only, without `seq`.',
    ),
    event('segments-decoded', {
      segments: listOf(SegmentSchema),
      processedSeconds: Type.Number(),
    }),
    event('speech-started', { atSeconds: Type.Number() }, live('Somebody begins to speak.')),
    event('speech-stopped', { atSeconds: Type.Number() }, live('Nobody has spoken for a while, since this time.')),
    passingEvent(
      'text-tentative',
      {
        startSeconds: Type.Number(),
        text: Type.String(),
        agreed: Type.Integer({ description: 'Characters at its beginning that two looks in a row agree on.' }),
      },
      live(
        'What is said since the last committed text. The next event takes its place. Sent live only, without `seq`.',
      ),
    ),
    event(
      'text-committed',
      { startSeconds: Type.Number(), endSeconds: Type.Number(), text: Type.String() },
      live('A text that never changes: what the sound between these times gives as a file.'),
    ),
    event(
      'utterance-done',
      { startSeconds: Type.Number(), endSeconds: Type.Number() },
      live('All that was said between these times is committed.'),
    ),
    event(
      'audio-dropped',
      { endSeconds: Type.Number() },
      live('The client cleared the sound up to this time: what was not committed of it has no text.'),
    ),
    event('job-done', { result: TranscriptSchema }),
    event('job-failed', { error: WireErrorSchema }),
    event('job-cancelled', {}),
  ],
  { title: 'JobEvent', description: 'One event per line; the last is `job-done`, `job-failed` or `job-cancelled`.' },
);

function event<const Name extends string, Properties extends TProperties>(
  type: Name,
  properties: Properties,
  description?: string,
) {
  return Type.Object(
    { seq: Type.Integer(), jobId: Type.String(), type: Type.Literal(type), ...properties },
    { title: titleOf(type), additionalProperties: false, ...(description !== undefined && { description }) },
  );
}

function live(description: string): string {
  return `With \`live\`. ${description}`;
}

function passingEvent<const Name extends string, Properties extends TProperties>(
  type: Name,
  properties: Properties,
  description: string,
) {
  return Type.Object(
    { jobId: Type.String(), type: Type.Literal(type), ...properties },
    { title: titleOf(type), additionalProperties: false, description },
  );
}

/** `job-queued` to `JobQueuedEvent`. */
function titleOf(type: string): string {
  const words = type.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join('')}Event`;
}

export interface AudioSummary extends Shape<typeof AudioSchema> {}
export type JobEvent = Shape<typeof JobEventSchema>;
/** Only for current followers: the next event replaces it, and it is not stored. */
export type PassingJobEvent = Extract<JobEvent, { readonly type: 'model-loading' | 'text-partial' | 'text-tentative' }>;
/** The stored events of a job, numbered from 0. */
export type LoggedJobEvent = Exclude<JobEvent, PassingJobEvent>;
