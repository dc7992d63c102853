import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import { formats } from '../../../formats/formats.ts';
import { ErrorAnswerSchema } from '../../../protocol/error-answer.ts';
import { type JobPriority, JobSchema } from '../../../protocol/job.ts';
import type { AnswerFormat, answerOptionTable } from '../../../protocol/options/answer-option-table.ts';
import { normalizeOptions } from '../../../protocol/options/normalize-options.ts';
import { resolveAnswer } from '../../../protocol/options/resolve-options.ts';
import type { ResolvedOf, TranscriptionOptions } from '../../../protocol/options/transcription-options.ts';
import type { Transcript } from '../../../protocol/transcript.ts';
import { TranscriptionQuerySchema } from '../../../protocol/transcription-request.ts';
import type { Job } from '../../jobs/job.ts';
import type { Spool } from '../../jobs/spool.ts';
import { acceptJob } from '../accept-job.ts';
import { answerFormat, mediaTypeOf } from '../answer-format.ts';
import { clientOf } from '../client-of.ts';
import { errorBody } from '../error-answers.ts';
import { answerWithEvents } from '../event-stream.ts';
import { refuseModelPath } from '../guards/refuse-model-paths.ts';
import { isFromNetwork } from '../guards/require-token.ts';
import { answerWithTranscript } from '../job-answer.ts';
import { acceptLiveJob } from '../live/accept-live-job.ts';
import { receiveLive } from '../live/receive-live.ts';
import type { RawFormat } from '../live/wav-header.ts';
import { type ReceivedRecording, receiveUpload, takeFile } from '../receive-recording.ts';
import type { ServerInstance } from '../server-instance.ts';
import type { Services } from '../services.ts';
import { cancelWhenGone } from '../when-gone.ts';
import { type RecordingBody, recordingContent, transcriptionContent } from './transcription-content.ts';

const routeSchema = {
  operationId: 'transcribe',
  tags: ['Transcriptions'],
  summary: 'Transcribe a recording',
  description:
    'Closing the connection cancels the job, unless `detach` or `live` is set. With `live`, the answer comes while the body is still being sent.',
  querystring: TranscriptionQuerySchema,
  body: { content: recordingContent },
  response: {
    200: { description: 'The transcript, or the events of its job.', content: transcriptionContent },
    202: JobSchema,
    '4xx': ErrorAnswerSchema,
    '5xx': ErrorAnswerSchema,
  },
};

/** `POST /v1/transcriptions`: transcribes a recording, given as bytes or as a path in JSON. */
export function addTranscriptionRoute(
  server: ServerInstance,
  { jobs, models, spool, answerPace }: Pick<Services, 'jobs' | 'models' | 'spool' | 'answerPace'>,
): void {
  const route = { schema: routeSchema, config: { longAnswer: 'transcript' }, onRequest: refuseForms } as const;
  server.post('/v1/transcriptions', route, async (request, reply) => {
    const {
      format: wantedFormat,
      detach,
      priority,
      name,
      history,
      live,
      rate,
      channels,
      encoding,
      ...given
    } = resolveAnswer(request.query);
    const options = normalizeOptions(given);
    const raw = rawFormat({ live, rate, channels, encoding });
    if (live) {
      refuseModelPath(request, options.model);
      return answerLive(request, reply, {
        options,
        name,
        kept: history,
        raw,
        format: wantedFormat ?? 'ndjson',
        detach,
      });
    }
    const { job } = await acceptJob(
      { jobs, models, spool },
      {
        client: clientOf(request),
        isFromNetwork: isFromNetwork(request),
        options,
        requireModel: (model) => refuseModelPath(request, model),
        detached: detach,
        priority,
        kept: history,
        async receive() {
          const recording = await receive(request, { spool, detach, priority });
          return { recording: { ...recording, name: name ?? recording.name }, options };
        },
      },
    );
    if (detach) return reply.code(202).header('location', `/v1/jobs/${job.id}`).send(jobs.look(job.id));

    cancelWhenGone(reply, job, jobs);
    return answerWithJob(reply, job, answerFormat(request.headers.accept, wantedFormat));
  });

  /** The session goes on without its connection: nobody says it twice. */
  async function answerLive(request: FastifyRequest, reply: FastifyReply, asked: LiveRequest): Promise<FastifyReply> {
    const { options, name, kept, raw, format, detach } = asked;
    if (detach) throw optionsWithLive('detach');
    if (!(request.body instanceof Readable)) {
      throw new HearthError('AUDIO_EMPTY', 'Expected sound as the body, got none.');
    }
    const { job, input } = await acceptLiveJob(
      { jobs, models, spool },
      {
        client: clientOf(request),
        isFromNetwork: isFromNetwork(request),
        ...{ options, name, kept, raw },
        turns: { detection: 'voice', silenceSeconds: null, paddingSeconds: null },
      },
    );
    void receiveLive(request, { job, sender: input.attach(), skippedBytes: 0 });
    return answerWithJob(reply, job, format);
  }

  function answerWithJob(reply: FastifyReply, job: Job, format: AnswerFormat): FastifyReply | Promise<FastifyReply> {
    if (format === 'ndjson') return answerWithEvents(reply, job, { from: 0, pace: answerPace });
    const write = (transcript: Transcript) => formats[format].write(transcript, job.options, job);
    return answerWithTranscript(reply, job, { format, mediaType: mediaTypeOf(format), write, errorBody }, answerPace);
  }
}

interface LiveRequest {
  readonly options: TranscriptionOptions;
  readonly name: string | null;
  readonly kept: boolean;
  readonly raw: RawFormat | null;
  readonly format: AnswerFormat;
  readonly detach: boolean;
}

/** How raw samples come; null where they bring a header. @throws `OPTION_INVALID` */
function rawFormat({
  live,
  rate,
  channels,
  encoding,
}: Pick<Required<ResolvedOf<typeof answerOptionTable>>, 'live' | 'rate' | 'channels' | 'encoding'>): RawFormat | null {
  if (!live && (rate ?? channels ?? encoding) !== null) {
    throw new HearthError('OPTION_INVALID', 'Expected `live` beside rate, channels and encoding, got them alone.', {
      hint: 'A recording says itself what it holds. Raw samples can be sent with `live`.',
    });
  }
  if (rate === null && (channels ?? encoding) !== null) {
    throw new HearthError('OPTION_INVALID', 'Expected `rate` beside channels and encoding, got none.', {
      hint: 'Give the rate of raw samples, or none of the three for WAV.',
    });
  }
  return rate === null ? null : { rate, channels: channels ?? 1, encoding: encoding ?? 's16' };
}

function optionsWithLive(name: string): HearthError {
  return new HearthError('OPTION_INVALID', `Expected live or ${name}, got both.`, {
    hint: 'A live session goes on without its client anyway.',
  });
}

/** A form would be stored and decoded as sound. @throws `REQUEST_INVALID` */
async function refuseForms({ headers }: FastifyRequest): Promise<void> {
  if (!/^multipart\//i.test(headers['content-type'] ?? '')) return;
  throw new HearthError('REQUEST_INVALID', 'Expected the bytes of a recording, got a form.', {
    hint: 'Post the form to /v1/audio/transcriptions, or send the bytes alone: `curl -X POST -T talk.mp3`.',
  });
}

interface Receiving {
  readonly spool: Spool;
  readonly detach: boolean;
  readonly priority: JobPriority | null;
}

async function receive(request: FastifyRequest, { spool, detach, priority }: Receiving): Promise<ReceivedRecording> {
  const body = request.body as RecordingBody;
  const fromNetwork = isFromNetwork(request);
  if (body === undefined || body instanceof Readable) {
    const leavesReserve = fromNetwork || detach || priority === 'bulk';
    return receiveUpload(spool, body, {
      contentLength: request.headers['content-length'],
      durable: detach,
      leavesReserve,
    });
  }
  if (fromNetwork) throw pathFromNetwork();
  return takeFile(spool, body.path, { durable: detach });
}

function pathFromNetwork(): HearthError {
  return new HearthError('REQUEST_REFUSED', 'Expected the bytes of a recording over TCP, got a path.', {
    hint: 'Paths name files of this machine; send the bytes.',
  });
}
