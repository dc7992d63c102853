import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { HistoryPage } from '../../../../../daemon/src/protocol/history.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

beforeEach(async () => {
  served = await serveStandIn();
});

afterEach(() => served.close());

async function transcribe(text: string, query = ''): Promise<void> {
  const answered = served.ask({ path: `/v1/transcriptions${query}`, body: 'sound' });
  (await served.nextRun()).finish(text);
  expect((await answered).status).toBe(200);
}

async function search(query = ''): Promise<HistoryPage> {
  return (await served.ask({ path: `/v1/history${query}` })).json<HistoryPage>();
}

test('transcripts are found by their words and by their names, a page at a time', async () => {
  await transcribe(' Ask not what', '?name=jfk.flac');
  await transcribe(' How old is the bridge');
  await transcribe(' Nothing of this', '?history=false');
  expect((await search()).entries).toMatchObject([{ excerpt: 'How old is the bridge' }, { name: 'jfk.flac' }]);
  expect((await search('?query=jfk')).entries).toMatchObject([
    { excerpt: 'Ask not what', language: 'en', model: 'base' },
  ]);
  const first = await search('?limit=1');
  expect((await search(`?limit=1&before=${first.nextBefore}`)).entries).toMatchObject([{ name: 'jfk.flac' }]);
});

test('a transcript is looked at, exported in every format, and deleted', async () => {
  await transcribe(' hello', '?name=hello.wav&language=en');
  const [{ id } = { id: '' }] = (await search()).entries;
  const looked = await served.ask({ path: `/v1/history/${id}` });
  expect(looked.json()).toMatchObject({ id, options: { language: 'en' }, result: { text: ' hello' } });
  const exported = await Promise.all(
    ['txt', 'srt', 'vtt', 'tsv', 'json'].map((format) => served.ask({ path: `/v1/history/${id}?format=${format}` })),
  );
  expect(exported.map(({ text }) => text.split('\n')[0])).toEqual([
    ...['hello', '1', 'WEBVTT', 'start\tend\ttext'],
    expect.stringContaining('"text":" hello"'),
  ]);
  expect(exported[1]?.headers['content-type']).toBe('application/x-subrip; charset=utf-8');
  expect((await served.ask({ method: 'DELETE', path: `/v1/history/${id}` })).json()).toEqual({ deleted: 1 });
  const gone = await served.ask({ path: `/v1/history/${id}` });
  expect([gone.status, gone.errorCode]).toEqual([404, 'HISTORY_ENTRY_NOT_FOUND']);
});

test('all transcripts are deleted at once', async () => {
  await transcribe(' one');
  await transcribe(' two');
  expect((await served.ask({ method: 'DELETE', path: '/v1/history' })).json()).toEqual({ deleted: 2 });
  expect(await search()).toEqual({ entries: [], nextBefore: null, total: 0 });
});

test.each(['?limit=0', '?limit=201', '?before=x', '?page=2'])('the query %s is refused', async (query) => {
  const answer = await served.ask({ path: `/v1/history${query}` });
  expect([answer.status, answer.errorCode]).toEqual([400, 'OPTION_INVALID']);
});
