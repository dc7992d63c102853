import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createRealtimeSession } from '../../../../../daemon/src/server/http/realtime/realtime-session.ts';
import type { Job } from '../../../../../daemon/src/server/jobs/job.ts';
import { createLiveInput, type LiveInput } from '../../../../../daemon/src/server/jobs/live-input.ts';

/** A session's job with what is said of it, and where its sound goes. */
function begun(said: AsyncIterable<object> = nothing()): { readonly job: Job; readonly input: LiveInput } {
  let byteCount = 44;
  const upload = {
    path: '/nowhere',
    byteCount: () => byteCount,
    append: async (bytes: Uint8Array) => {
      byteCount += bytes.length;
    },
    close: async () => undefined,
  };
  const job = { endedAt: null, events: { follow: () => said } } as unknown as Job;
  return {
    job,
    input: createLiveInput({ upload, turns: { detection: 'marks', silenceSeconds: null, paddingSeconds: null } }),
  };
}

async function* nothing() {}

interface Told {
  readonly type: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly item_id?: string;
  readonly transcript?: string;
}

/** A session, the inputs of the live sessions that it begins, and what it tells. */
function open(said?: AsyncIterable<object>) {
  const inputs: LiveInput[] = [];
  const told: Told[] = [];
  const session = createRealtimeSession({
    isBeta: false,
    send: (event) => told.push(event as Told),
    begin: async () => {
      const { job, input } = begun(said);
      inputs.push(input);
      return { job, input };
    },
  });
  return { session, inputs, told };
}

test('sound after a session that had ended, since nothing came, begins another; nothing of the first is committed', async () => {
  const { session, inputs, told } = open();
  const audio = Buffer.alloc(9600).toString('base64');
  await session.receive('{"type":"session.update","session":{"audio":{"input":{"turn_detection":null}}}}');
  await session.receive(JSON.stringify({ type: 'input_audio_buffer.append', audio }));
  await inputs[0]?.end();
  await session.receive('{"type":"input_audio_buffer.commit"}');
  expect(told.at(-1)?.error?.code).toBe('input_audio_buffer_commit_empty');
  await session.receive(JSON.stringify({ type: 'input_audio_buffer.append', audio }));
  await session.receive('{"type":"input_audio_buffer.commit"}');
  expect(inputs.map((input) => input.receivedBytes())).toEqual([9600, 9600]);
  expect(inputs[1]?.progress().marks).toEqual([{ type: 'commit', atByte: 44 + 9600 }]);
  await session.close();
});

test('only an update that changes how sound is heard ends a session', async () => {
  const { session, inputs, told } = open();
  const append = () => session.receive(`{"type":"input_audio_buffer.append","audio":"${'AAAA'.repeat(160)}"}`);
  const update = (input: object) =>
    session.receive(JSON.stringify({ type: 'session.update', session: { type: 'transcription', audio: { input } } }));
  await update({ transcription: { model: 'whisper-1', language: 'en' } });
  expect(inputs).toEqual([]);
  for (let count = 0; count < 3; count++) {
    await append();
    await update({});
    await update({ transcription: { language: 'en', model: 'whisper-1' }, turn_detection: { type: 'server_vad' } });
  }
  const updated = told.filter(({ type }) => type === 'session.updated');
  expect([updated.length, inputs.map((input) => input.receivedBytes())]).toEqual([7, [3 * 480]]);
  await update({ transcription: { model: 'whisper-1', language: 'de' } });
  await append();
  expect(inputs.map((input) => [input.receivedBytes(), input.progress().isEnded])).toEqual([
    [3 * 480, true],
    [480, false],
  ]);
  await session.close();
});

test('sound that waits for a commit has a limit, and a commit makes room again', async () => {
  const { session, inputs, told } = open();
  const minute = Buffer.alloc(60 * 8000).toString('base64');
  const append = () => session.receive(JSON.stringify({ type: 'input_audio_buffer.append', audio: minute }));
  const format = { type: 'audio/pcmu' };
  const audio = { input: { format, turn_detection: null } };
  await session.receive(JSON.stringify({ type: 'session.update', session: { audio } }));
  for (let count = 0; count < 10; count++) await append();
  expect(told.filter(({ type }) => type === 'error')).toEqual([]);
  await append();
  expect(told.at(-1)?.error?.message).toMatch('Expected at most 10 minutes of sound without a commit');
  expect(inputs.map((input) => input.receivedBytes())).toEqual([10 * 60 * 8000]);
  await session.receive('{"type":"input_audio_buffer.commit"}');
  await append();
  expect(inputs.map((input) => input.receivedBytes())).toEqual([11 * 60 * 8000]);
  await session.close();
});

test('a session of a thousand commits and clears ends, and what comes next is another', async () => {
  const { session, inputs } = open();
  await session.receive('{"type":"session.update","session":{"audio":{"input":{"turn_detection":null}}}}');
  const audio = Buffer.alloc(2).toString('base64');
  for (let count = 0; count < 2500; count++) {
    await session.receive(JSON.stringify({ type: 'input_audio_buffer.append', audio }));
    await session.receive('{"type":"input_audio_buffer.clear"}');
  }
  expect(inputs.map((input) => [input.progress().marks.length, input.progress().isEnded])).toEqual([
    [1000, true],
    [1000, true],
    [500, false],
  ]);
  await session.close();
});

test('clearing gives up what is being said, and nothing that was committed', async () => {
  const said = new PassThrough({ objectMode: true });
  const { session, told } = open(said);
  const itemsOf = (type: string) => told.filter((event) => event.type.endsWith(type)).map(({ item_id }) => item_id);
  const say = async (...events: readonly object[]) => {
    for (const event of events) said.write(event);
    while (said.readableLength > 0) await setImmediate();
    await setImmediate();
  };
  const audio = Buffer.alloc(9600).toString('base64');
  await session.receive(JSON.stringify({ type: 'input_audio_buffer.append', audio }));
  await say({ type: 'speech-started', atSeconds: 0 }, { type: 'speech-stopped', atSeconds: 1 });
  await say({ type: 'speech-started', atSeconds: 2 });
  const [first, second] = itemsOf('speech_started');
  expect(itemsOf('input_audio_buffer.committed')).toEqual([first]);
  await session.receive('{"type":"input_audio_buffer.clear"}');
  const done = { type: 'utterance-done', startSeconds: 0, endSeconds: 1 };
  await say({ type: 'text-committed', startSeconds: 0, endSeconds: 1, text: ' one' }, done);
  expect(itemsOf('input_audio_transcription.completed')).toEqual([first]);
  await say({ type: 'audio-dropped', endSeconds: 3 }, { type: 'speech-started', atSeconds: 4 });
  const third = itemsOf('speech_started').at(-1);
  await say({ type: 'speech-stopped', atSeconds: 5 });
  await say({ type: 'text-committed', startSeconds: 4, endSeconds: 5, text: ' three' }, done);
  expect(itemsOf('input_audio_transcription.completed')).toEqual([first, third]);
  expect(told.flatMap(({ transcript }) => (transcript === undefined ? [] : [transcript]))).toEqual(['one', 'three']);
  expect(new Set([first, second, third]).size).toBe(3);
  await session.close();
});

test('a session that is given up tells an error, and what is committed without its text has failed', async () => {
  const events = new PassThrough({ objectMode: true });
  const { session, told } = open(events);
  await session.receive(`{"type":"input_audio_buffer.append","audio":"${'AAAA'.repeat(160)}"}`);
  events.write({ type: 'speech-started', atSeconds: 0 });
  events.write({ type: 'speech-stopped', atSeconds: 1 });
  events.end({ type: 'job-done', result: { warnings: ['It was given up.'], warning_codes: ['text-cut-off'] } });
  while (told.at(-1)?.error === undefined || told.at(-1)?.type === 'error') await setImmediate();
  const errors = told.filter(({ error }) => error?.code === 'text-cut-off').map(({ type }) => type);
  expect(errors).toEqual(['error', 'conversation.item.input_audio_transcription.failed']);
  await session.close();
});
