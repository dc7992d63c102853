import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { HearthError } from '../../../errors/hearth-error.ts';
import type { JobEvent } from '../../../protocol/job-events.ts';
import { toWireError } from '../../../protocol/wire-error.ts';
import type { Job } from '../../jobs/job.ts';
import type { LiveInput, LiveSender } from '../../jobs/live-input.ts';
import { errorBody } from '../error-answers.ts';
import { requireShallow } from '../guards/refuse-deep-json.ts';
import {
  defaultRealtimeConfig,
  describeConfig,
  optionsOf,
  type RealtimeConfig,
  rawFormatOf,
  turnsOf,
  updateConfig,
} from './realtime-config.ts';
import { createRealtimeItems, textCutOff } from './realtime-items.ts';

export interface RealtimeRequest {
  /** Speaks as the beta did: `transcription_session.…`, `conversation.item.created`. */
  readonly isBeta: boolean;
  readonly send: (event: object) => void;
  /** Begins a live session. @throws as `acceptLiveJob` */
  readonly begin: (config: ReturnType<typeof hearingOf>) => Promise<{ readonly job: Job; readonly input: LiveInput }>;
}

/** One connection of OpenAI's Realtime protocol, for transcription. */
export interface RealtimeSession {
  /** Takes a message of the client; one at a time. What is wrong with it is answered with an error event. */
  receive(message: string): Promise<void>;
  /** The client is gone: what it sent is transcribed all the same. */
  close(): Promise<void>;
}

interface OpenJob {
  readonly job: Job;
  readonly input: LiveInput;
  readonly sender: LiveSender;
  readonly config: RealtimeConfig;
  readonly items: ReturnType<typeof createRealtimeItems>;
  /** Resolves when its last event was told. */
  readonly told: Promise<void>;
  sentBytes: number;
  /** Since the last commit. */
  pendingBytes: number;
}

type ClientEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

/** OpenAI refuses to commit less. */
const leastCommitMs = 100;
/** The engine holds what waits for a commit. */
const mostUncommittedMinutes = 10;
/** Commits and clears of one session: each is looked at with all before it. */
const mostMarks = 1000;

/** For an event without sound, as for any JSON: it is kept with the session, and repeated in its answers. */
const mostEventBytes = 64 * 1024;

export function createRealtimeSession({ isBeta, send, begin }: RealtimeRequest): RealtimeSession {
  const sessionId = `sess_${shortId()}`;
  let config = defaultRealtimeConfig;
  let open: OpenJob | null = null;
  /** Of sessions before this one, on the same connection. */
  let msBefore = 0;
  let previousItemId: string | null = null;

  const tell = (event: object) => send({ event_id: `event_${shortId()}`, ...event });
  const describe = () => describeConfig(sessionId, config, isBeta);

  /** The session that takes sound; null before the first, and where it has ended, for example since nothing came. */
  function current(): OpenJob | null {
    return open !== null && open.job.endedAt === null && !open.input.progress().isEnded ? open : null;
  }

  async function openJob(): Promise<OpenJob> {
    const going = current();
    if (going !== null) return going;
    await endJob();
    const used = config;
    const { job, input } = await begin(hearingOf(used));
    const items = createRealtimeItems({
      ...{ tell, isBeta, startMs: msBefore, hasVoice: used.turnDetection !== null },
      previousItemId: () => previousItemId,
      onCommitted: (id) => {
        previousItemId = id;
      },
    });
    const told = follow(job, items.follow);
    open = { job, input, sender: input.attach(), config: used, items, told, sentBytes: 0, pendingBytes: 0 };
    return open;
  }

  async function follow(job: Job, onEvent: (event: JobEvent) => void): Promise<void> {
    for await (const event of job.events.follow(0)) {
      if (event.type === 'job-failed') tellError(event.error);
      const cutOff = event.type === 'job-done' ? textCutOff(event.result) : null;
      if (cutOff !== null) tellOpenAiError({ type: 'server_error', ...cutOff });
      onEvent(event);
    }
  }

  /** What comes next is heard by a session of its own. */
  async function endJob(): Promise<void> {
    if (open === null) return;
    const { sender, config: used, sentBytes } = open;
    msBefore += msOf(sentBytes, used);
    open = null;
    await sender.end();
  }

  async function append(event: ClientEvent): Promise<void> {
    const audio = event['audio'];
    if (typeof audio !== 'string') throw problem('audio', 'Expected base64 as audio, got none.');
    const bytes = Buffer.from(audio, 'base64');
    if (bytes.length === 0) throw problem('audio', 'Expected sound in base64, got an empty piece.');
    requireCommits(bytes.length);
    const used = await openJob();
    used.sentBytes += bytes.length;
    used.pendingBytes += bytes.length;
    await used.sender.append(bytes);
  }

  function requireCommits(byteCount: number): void {
    const { config: used, pendingBytes } = current() ?? { config, pendingBytes: 0 };
    const isCutHere = used.turnDetection !== null;
    if (isCutHere || msOf(pendingBytes + byteCount, used) <= mostUncommittedMinutes * 60_000) return;
    throw problem('audio', `Expected at most ${mostUncommittedMinutes} minutes of sound without a commit, got more.`);
  }

  async function commit(): Promise<void> {
    const going = current();
    const pendingMs = going === null ? 0 : msOf(going.pendingBytes, going.config);
    if (going === null || pendingMs < leastCommitMs) {
      tellOpenAiError({
        code: 'input_audio_buffer_commit_empty',
        message: `Expected at least ${leastCommitMs} ms of sound to commit, got ${Math.round(pendingMs)} ms.`,
      });
      return;
    }
    going.pendingBytes = 0;
    going.items.commit();
    going.sender.mark('commit');
    await endLong(going);
  }

  async function clear(): Promise<void> {
    const going = current();
    if (going !== null) {
      going.pendingBytes = 0;
      going.sender.mark('clear');
      await endLong(going);
    }
    tell({ type: 'input_audio_buffer.cleared' });
  }

  /** Behind a mark no sound is waiting, so that what comes next can be a session of its own. */
  async function endLong({ input }: OpenJob): Promise<void> {
    if (input.progress().marks.length >= mostMarks) await endJob();
  }

  async function update(event: ClientEvent): Promise<void> {
    config = updateConfig(config, event);
    // Clients send updates that change nothing: some before each piece of sound.
    if (open !== null && !isDeepStrictEqual(hearingOf(open.config), hearingOf(config))) await endJob();
    const type = event.type === 'session.update' ? 'session.updated' : 'transcription_session.updated';
    tell({ type, session: describeConfig(sessionId, config, type !== 'session.updated') });
  }

  async function take(event: ClientEvent): Promise<void> {
    switch (event.type) {
      case 'session.update':
      case 'transcription_session.update':
        return update(event);
      case 'input_audio_buffer.append':
        return append(event);
      case 'input_audio_buffer.commit':
        return commit();
      case 'input_audio_buffer.clear':
        return clear();
      default:
        throw problem('type', `Expected an event of a transcription, got ${JSON.stringify(event.type).slice(0, 80)}.`);
    }
  }

  function tellError(error: unknown, clientEventId: unknown = null): void {
    const param = error instanceof HearthError ? error.param : null;
    const { code, message, hint, type } = errorBody(toWireError(error), param).error;
    const text = hint === '' ? message : `${message} ${hint}`;
    tellOpenAiError({ type, code, message: text, param, event_id: clientEventId });
  }

  function tellOpenAiError(error: object): void {
    tell({ type: 'error', error: { type: 'invalid_request_error', param: null, event_id: null, ...error } });
  }

  tell({ type: isBeta ? 'transcription_session.created' : 'session.created', session: describe() });
  return {
    async receive(message) {
      let event: ClientEvent | null = null;
      try {
        event = readEvent(message);
        await take(event);
      } catch (error) {
        tellError(error, event?.['event_id'] ?? null);
      }
    },
    close: endJob,
  };
}

/** What of a session's setting its sound is heard by. */
function hearingOf(config: RealtimeConfig) {
  return { raw: rawFormatOf(config), turns: turnsOf(config), options: optionsOf(config) };
}

function readEvent(message: string): ClientEvent {
  const event = parse(message);
  if (typeof event !== 'object' || event === null || !('type' in event) || typeof event.type !== 'string') {
    throw problem('type', 'Expected a JSON object with a type, got something else.');
  }
  const soundBytes = 'audio' in event && typeof event.audio === 'string' ? event.audio.length : 0;
  if (message.length - soundBytes > mostEventBytes) {
    throw problem('type', `Expected at most ${mostEventBytes} bytes beside the sound, got more.`);
  }
  requireShallow(event);
  return event as ClientEvent;
}

function parse(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return null;
  }
}

function msOf(bytes: number, config: RealtimeConfig): number {
  const { encoding, rate } = rawFormatOf(config);
  return (bytes / (encoding === 's16' ? 2 : 1) / rate) * 1000;
}

function problem(param: string, message: string): HearthError {
  return new HearthError('REQUEST_INVALID', message, { param, hint: '' });
}

function shortId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 21);
}
