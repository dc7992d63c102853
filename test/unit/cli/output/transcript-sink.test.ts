import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTranscriptSink, type SinkRequest } from '../../../../daemon/src/cli/output/transcript-sink.ts';
import type { JobEvent } from '../../../../daemon/src/protocol/job-events.ts';
import { segment, transcript } from '../../../stand-ins/daemon.ts';

const segments = [segment(0, 1, ' One.'), segment(1, 2, ' Two.')];
const result = transcript(segments);
const events: readonly JobEvent[] = [
  { seq: 0, jobId: 'job-1', type: 'job-started' },
  ...segments.map(
    (each, index): JobEvent => ({
      ...{ seq: index + 1, jobId: 'job-1', type: 'segments-decoded', segments: [each] },
      processedSeconds: each.end,
    }),
  ),
];

let folder: string;
let printed: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-sink-'));
  printed = [];
});

afterEach(() => rm(folder, { recursive: true }));

async function run(request: Partial<SinkRequest>, answer = result): Promise<string> {
  const print = (text: string) => void printed.push(text);
  const sink = createTranscriptSink({ format: 'txt', path: null, heading: null, live: false, print, ...request });
  for (const event of answer === result ? events : []) sink.follow(event);
  await sink.finish(answer);
  return printed.join('');
}

test('text for people is printed segment by segment, for pipes at the end, and is the same', async () => {
  expect(await run({ live: true })).toBe('One.\nTwo.\n');
  expect(printed.length).toBeGreaterThan(1);
  printed = [];
  expect(await run({ live: false })).toBe('One.\nTwo.\n');
  expect(printed).toHaveLength(1);
});

test.each([true, false])(
  'the text of one of several inputs has a heading, also when nothing is said (live %s)',
  async (live) => {
    expect(await run({ heading: 'a.mp3', live })).toBe('==> a.mp3 <==\nOne.\nTwo.\n');
    printed = [];
    expect(await run({ heading: 'a.mp3', live }, transcript([]))).toBe('==> a.mp3 <==\n');
  },
);

test('formats for programs carry no heading', async () => {
  expect(JSON.parse(await run({ format: 'json', heading: 'a.mp3' }))).toEqual(result);
  expect(printed.join('').endsWith('}\n')).toBe(true);
});

test('ndjson is the events as they come', async () => {
  const lines = (await run({ format: 'ndjson' })).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(events);
});

test.each(['srt', 'ndjson'] as const)('a file in %s holds what standard output would', async (format) => {
  const onStandardOutput = await run({ format });
  const path = join(folder, 'new', `talk.${format}`);
  printed = [];
  expect(await run({ format, path })).toBe('');
  expect(await readFile(path, 'utf8')).toBe(onStandardOutput);
  expect(await readdir(join(folder, 'new'))).toEqual([`talk.${format}`]);
});
