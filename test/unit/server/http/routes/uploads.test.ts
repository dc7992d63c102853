import { Readable } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { type Served, type ServeRequest, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

afterEach(async () => {
  expect(await served.spooled()).toEqual([]);
  await served.close();
});

async function serve(request: ServeRequest = {}): Promise<void> {
  served = await serveStandIn(request);
}

/** Zeros without an announced length. */
function zeros(byteCount: number): Readable {
  const block = Buffer.alloc(64 * 1024);
  return Readable.from(Array.from({ length: byteCount / block.length }, () => block));
}

const post = (body: Readable | string | Buffer, query = '', headers = {}) =>
  served.ask({ path: `/v1/transcriptions${query}`, body, headers });

test('an upload that grows beyond the limit is answered while its client still sends', async () => {
  await serve({ settings: { maxUploadBytes: 100_000 } });
  const answer = await post(zeros(64 * 1024 ** 2));
  expect([answer.status, answer.errorCode]).toEqual([413, 'AUDIO_TOO_LARGE']);
});

test('an upload that gets the disk too full is answered while its client still sends', async () => {
  await serve({ settings: { maxUploadBytes: 2 ** 40, minFreeDiskBytes: 0 } });
  await served.close();
  await serve({ settings: { maxUploadBytes: 2 ** 40, minFreeDiskBytes: 2 ** 60 } });
  const answer = await post(zeros(64 * 1024 ** 2));
  expect([answer.status, answer.errorCode]).toEqual([507, 'DISK_FULL']);
});

test('an upload that stops coming is answered', async () => {
  await serve({ uploadIdleSeconds: 0.02 });
  const stalled = new Readable({ read: () => undefined });
  stalled.push('some');
  const answer = await post(stalled);
  expect([answer.status, answer.errorCode]).toEqual([400, 'BODY_INCOMPLETE']);
});

test('a request that is wrong is answered before its recording is read', async () => {
  await serve();
  const answer = await post(Buffer.alloc(64 * 1024 ** 2), '?model=none');
  expect([answer.status, answer.errorCode]).toEqual([404, 'MODEL_NOT_FOUND']);
});

test('the same with a wrong option', async () => {
  await serve();
  const answer = await post(zeros(64 * 1024 ** 2), '?nothing=none');
  expect([answer.status, answer.errorCode]).toEqual([400, 'OPTION_INVALID']);
});

test.each(['text/plain', 'audio/wav', 'application/x-www-form-urlencoded', 'APPLICATION/OGG; a="b"'])(
  'a recording of type %s is taken as it is',
  async (type) => {
    await serve();
    const answered = post('sound', '', { 'content-type': type });
    (await served.nextRun()).finish('hello');
    expect((await answered).status).toBe(200);
  },
);
