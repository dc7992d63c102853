import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { submitJob, transcribe } from '../../../daemon/src/client/transcriptions.ts';
import type { JobEvent } from '../../../daemon/src/protocol/job-events.ts';
import {
  type Answer,
  jobEvents,
  type StandInDaemon,
  segment,
  startStandInDaemon,
  transcript,
} from '../../stand-ins/daemon.ts';

const result = transcript([segment(0, 2, ' Good morning.')]);
const audioBytes = Buffer.from('as if it were a recording');

let daemon: StandInDaemon;

afterEach(() => daemon.close());

async function start(answer: Answer): Promise<string> {
  daemon = await startStandInDaemon(answer);
  return daemon.socketPath;
}

function audio(): { audio: Readable; byteCount: number } {
  return { audio: Readable.from([audioBytes]), byteCount: audioBytes.length };
}

test('the recording and its options arrive, every event is passed on, and the transcript comes back', async () => {
  let received: { request: IncomingMessage; body: Buffer } | undefined;
  const socketPath = await start(async (request, response) => {
    received = { request, body: await buffer(request) };
    response.end(jobEvents({ type: 'job-queued', position: 0 }, { type: 'job-started' }, { type: 'job-done', result }));
  });
  const events: JobEvent[] = [];
  const answer = await transcribe(
    { socketPath },
    {
      ...audio(),
      name: 'a talk.wav',
      options: { language: 'de', temperature: [0, 0.4], wordTimestamps: false },
      onEvent: (event) => events.push(event),
    },
  );

  expect(answer).toEqual(result);
  expect(events.map(({ type }) => type)).toEqual(['job-queued', 'job-started', 'job-done']);
  expect(received?.body).toEqual(audioBytes);
  expect(received?.request.method).toBe('POST');
  expect(received?.request.headers).toMatchObject({
    accept: 'application/x-ndjson',
    'content-length': String(audioBytes.length),
  });
  expect(received?.request.url).toBe(
    '/v1/transcriptions?language=de&temperature=0&temperature=0.4&wordTimestamps=false&name=a+talk.wav',
  );
});

test.each(['initialPrompt', 'hotwords'])(
  'more text in %s than a request takes is refused, by its name',
  async (name) => {
    const requests: unknown[] = [];
    const socketPath = await start((request) => void requests.push(request));
    const options = { language: 'de', [name]: '話'.repeat(1800) };
    await expect(transcribe({ socketPath }, { ...audio(), options })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: `The text of ${name} is too long for a request.`,
    });
    expect(requests).toEqual([]);
  },
);

test('a detached recording is answered with its job', async () => {
  let url: string | undefined;
  const socketPath = await start(async (request, response) => {
    url = request.url;
    await buffer(request);
    response.writeHead(202).end(JSON.stringify({ id: 'job-1', warnings: [] }));
  });
  const job = await submitJob({ socketPath }, { ...audio(), name: 'talk.wav', options: { language: 'de' } });
  expect(job).toMatchObject({ id: 'job-1' });
  expect(url).toBe('/v1/transcriptions?language=de&detach=true&name=talk.wav');
});

test('a job that somebody else cancels is told apart from one that the caller cancels', async () => {
  const socketPath = await start(async (request, response) => {
    await buffer(request);
    response.end(jobEvents({ type: 'job-cancelled' }));
  });
  await expect(transcribe({ socketPath }, audio())).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
});

test('a recording of unknown length is sent in chunks', async () => {
  let headers: IncomingMessage['headers'] = {};
  const socketPath = await start(async (request, response) => {
    headers = request.headers;
    await buffer(request);
    response.end(jobEvents({ type: 'job-done', result }));
  });
  await transcribe({ socketPath }, { audio: Readable.from([audioBytes]), byteCount: null });
  expect(headers['transfer-encoding']).toBe('chunked');
  expect(headers['content-length']).toBeUndefined();
});

test('a failed job rejects with its own code, message and hint', async () => {
  const error = {
    code: 'AUDIO_CORRUPT',
    message: 'Expected FLAC frames, got noise.',
    hint: 'Export it again.',
  } as const;
  const socketPath = await start(async (request, response) => {
    await buffer(request);
    response.end(jobEvents({ type: 'job-started' }, { type: 'job-failed', error }));
  });
  await expect(transcribe({ socketPath }, audio())).rejects.toMatchObject(error);
});

test('a refusal before the recording is read rejects with the refusal', async () => {
  const error = { code: 'AUDIO_TOO_LARGE', message: 'Expected at most 1 byte, got more.', hint: 'Send less.' };
  const socketPath = await start((_request, response) => {
    response.writeHead(413, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error }));
  });
  await expect(transcribe({ socketPath }, audio())).rejects.toMatchObject(error);
});

test('a refusal in the middle of a large upload is read, and the upload is given up', async () => {
  const error = { code: 'MODEL_NOT_FOUND', message: 'Expected a known model, got "nope".', hint: 'See the list.' };
  const socketPath = await start((_request, response) => {
    response.writeHead(404);
    response.end(JSON.stringify({ error }));
  });
  const chunk = Buffer.alloc(1024 * 1024);
  const endless = Readable.from(
    (function* () {
      for (;;) yield chunk;
    })(),
  );
  const givenUp = once(endless, 'close');
  await expect(transcribe({ socketPath }, { audio: endless, byteCount: null })).rejects.toMatchObject(error);
  await givenUp;
});

test('a failing answer that is not an error of ours is told with its status', async () => {
  const socketPath = await start((_request, response) => {
    response.writeHead(502);
    response.end('<html>');
  });
  await expect(transcribe({ socketPath }, audio())).rejects.toMatchObject({
    code: 'INTERNAL',
    message: expect.stringContaining('HTTP 502 Bad Gateway'),
  });
});

test('an event stream that ends early, or breaks, is a lost daemon and not a transcript', async () => {
  let isFirst = true;
  const socketPath = await start(async (request, response) => {
    await buffer(request);
    response.write(jobEvents({ type: 'job-started' }), () => {
      if (isFirst) response.end();
      else response.destroy();
      isFirst = false;
    });
  });
  await expect(transcribe({ socketPath }, audio())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  await expect(transcribe({ socketPath }, audio())).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

test('nobody listening is told with the socket that was tried', async () => {
  const socketPath = await start(() => {});
  const nobody = `${socketPath}.other`;
  await expect(transcribe({ socketPath: nobody }, audio())).rejects.toMatchObject({
    code: 'DAEMON_UNREACHABLE',
    message: `No daemon is running (nothing listens on ${nobody}).`,
  });
});

test('aborting closes the connection, which the daemon sees, and rejects as cancelled', async () => {
  const controller = new AbortController();
  let closed: Promise<unknown> = Promise.resolve();
  const socketPath = await start(async (request, response) => {
    await buffer(request);
    closed = once(response, 'close');
    response.write(jobEvents({ type: 'job-started' }));
  });
  const running = transcribe(
    { socketPath, signal: controller.signal },
    { ...audio(), onEvent: () => controller.abort() },
  );
  await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  await closed;
});

test('a recording that cannot be read to its end rejects with the reason and gives up the request', async () => {
  let aborted: Promise<unknown> = Promise.resolve();
  const socketPath = await start((request) => {
    request.on('error', () => {});
    aborted = once(request, 'close');
    request.resume();
  });
  const broken = Readable.from(
    (async function* () {
      yield audioBytes;
      throw Object.assign(new Error('the disk is gone'), { code: 'EIO' });
    })(),
  );
  await expect(transcribe({ socketPath }, { audio: broken, byteCount: 1000 })).rejects.toThrow('the disk is gone');
  await aborted;
});

test('a daemon that does not read holds the recording back', async () => {
  let read = () => {};
  const arrived = Promise.withResolvers<void>();
  const socketPath = await start(async (request, response) => {
    arrived.resolve();
    await new Promise<void>((resolve) => {
      read = resolve;
    });
    await buffer(request);
    response.end(jobEvents({ type: 'job-done', result }));
  });
  const chunk = Buffer.alloc(1024 * 1024);
  let produced = 0;
  const source = Readable.from(
    (function* () {
      for (; produced < 64; produced += 1) yield chunk;
    })(),
    { highWaterMark: 1 },
  );
  const running = transcribe({ socketPath }, { audio: source, byteCount: 64 * chunk.length });
  await arrived.promise;
  for (let turn = 0; turn < 1000; turn += 1) await nextTurn();
  expect(produced).toBeLessThan(16);
  read();
  await expect(running).resolves.toEqual(result);
  expect(produced).toBe(64);
});
