import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  addToDictionary,
  addWords,
  clearWords,
  listWords,
  removeWords,
} from '../../../../../daemon/src/client/words.ts';
import type { JobEvent } from '../../../../../daemon/src/protocol/job-events.ts';
import type { Segment, Transcript } from '../../../../../daemon/src/protocol/transcript.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

beforeEach(async () => {
  served = await serveStandIn();
});

afterEach(() => served.close());

const atSign = { say: 'at sign', write: '@' };

test('words are added, listed and removed', async () => {
  await addWords(served, [atSign, { say: 'b', write: 'B' }]);
  expect(await listWords(served)).toEqual({
    words: [atSign, { say: 'b', write: 'B' }],
    dictionary: [],
    problems: [],
  });
  await removeWords(served, { say: 'AT SIGN' });
  expect((await listWords(served)).words).toEqual([{ say: 'b', write: 'B' }]);
  await expect(removeWords(served, { say: 'at sign' })).rejects.toMatchObject({ code: 'WORD_NOT_FOUND' });
  expect(await clearWords(served)).toBe(1);
});

test('words of the dictionary are added, listed and removed', async () => {
  const tilney = { word: 'Tilney', soundsLike: ['till knee'], language: 'en' };
  await addToDictionary(served, [tilney, { word: 'Kubernetes' }]);
  await addWords(served, [atSign]);
  expect(await listWords(served)).toEqual({
    words: [atSign],
    dictionary: [tilney, { word: 'Kubernetes' }],
    problems: [],
  });
  await removeWords(served, { word: 'kubernetes' });
  await expect(removeWords(served, { say: 'tilney' })).rejects.toMatchObject({ code: 'WORD_NOT_FOUND' });
  expect(await clearWords(served)).toBe(2);
});

test('a long list is sent in as many requests as it takes', async () => {
  const words = Array.from({ length: 1200 }, (_, index) => ({ say: `word ${index}`, write: 'é'.repeat(100) }));
  await addWords(served, words);
  expect((await listWords(served)).words).toEqual(words);
});

test.each([
  { words: [] },
  { words: [{ say: '', write: 'x' }] },
  { words: [{ say: ' - ', write: 'x' }] },
  { words: [{ say: 'x' }] },
  { words: [{ say: 'x', write: 'y', z: 1 }] },
  { dictionary: [] },
  { dictionary: [{ word: '-' }] },
  { dictionary: [{ word: 'x', soundsLike: [''] }] },
  { dictionary: [{ word: 'x', language: 'English' }] },
  {},
])('%j is refused', async (body) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await served.ask({ method: 'POST', path: '/v1/words', body: JSON.stringify(body), headers });
  expect([answer.status, answer.errorCode]).toEqual([400, expect.stringMatching(/^(OPTION|REQUEST)_INVALID$/)]);
});

test('a broken file is told, and is not overwritten', async () => {
  writeFileSync(join(served.home, 'words.json'), '{');
  expect((await listWords(served)).problems).toHaveLength(1);
  await expect(addWords(served, [atSign])).rejects.toMatchObject({ code: 'WORDS_INVALID' });
});

function segment(id: number, text: string): Segment {
  const facts = { seek: 0, tokens: [], temperature: 0, avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };
  return { id, start: id, end: id + 1, text, ...facts };
}

test('a job is cleaned with the list and the options it has, for its followers and in its result alike', async () => {
  await addWords(served, [atSign]);
  const answered = served.ask({
    path: '/v1/transcriptions?cleanUp=true&dropFillers=false&language=en&format=ndjson',
    body: 'sound',
  });
  const { task, say, finishWith } = await served.nextRun();
  const segments = [
    segment(0, ' um, write to ada at sign example'),
    segment(1, ' period. New line'),
    segment(2, ' bye'),
  ];
  say({ type: 'segments-decoded', jobId: task.jobId, segments: segments.slice(0, 2), processedSeconds: 2 });
  // After a crash the engine decodes them again.
  say({ type: 'segments-decoded', jobId: task.jobId, segments, processedSeconds: 3 });
  finishWith(segments);
  const events = (await answered).text
    .trim()
    .split('\n')
    .map((line): JobEvent => JSON.parse(line));
  const told = events.flatMap((event) => (event.type === 'segments-decoded' ? event.segments : []));
  const { result } = events.at(-1) as { readonly result: Transcript };
  expect(told.map(({ text }) => text)).toEqual([' Um, write to ada @ example', '.\n', 'Bye']);
  expect(told.map(({ raw }) => raw)).toEqual(segments.map(({ text }) => text));
  expect(result.segments).toEqual(told);
  expect(result.text).toBe(' Um, write to ada @ example.\nBye');
  expect(result.raw).toBe(segments.map(({ text }) => text).join(''));
  const { entries } = (await served.ask({ path: '/v1/history?query=ada' })).json() as { entries: { id: string }[] };
  const { result: kept } = (await served.ask({ path: `/v1/history/${entries[0]?.id}` })).json() as {
    result: Transcript;
  };
  expect(kept).toEqual(result);
});

test('without the options nothing changes, and there is no raw text', async () => {
  await addWords(served, [atSign]);
  const answered = served.ask({ path: '/v1/transcriptions?language=en', body: 'sound' });
  (await served.nextRun()).finishWith([segment(0, ' um at sign')]);
  const transcript = (await answered).json() as Transcript;
  expect([transcript.text, 'raw' in transcript]).toEqual([' um at sign', false]);
});

test('the engine gets the dictionary, and the text is corrected, unless a job wants neither', async () => {
  await addToDictionary(served, [{ word: 'Kubernetes', soundsLike: ['cooper netties'] }]);
  const heard = [segment(0, ' We run cooper netties.')];
  const asked = served.ask({ path: '/v1/transcriptions?language=en', body: 'sound' });
  const first = await served.nextRun();
  expect(first.task.dictionary).toEqual([{ word: 'Kubernetes', soundsLike: ['cooper netties'] }]);
  first.finishWith(heard);
  expect((await asked).json()).toMatchObject({ text: ' We run Kubernetes.', raw: ' We run cooper netties.' });
  const without = served.ask({ path: '/v1/transcriptions?language=en&dictionary=false', body: 'sound' });
  const second = await served.nextRun();
  expect(second.task.dictionary).toBeUndefined();
  second.finishWith(heard);
  const transcript = (await without).json() as Transcript;
  expect([transcript.text, 'raw' in transcript]).toEqual([' We run cooper netties.', false]);
});
