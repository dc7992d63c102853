import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readMpeg4File as read } from '../../../daemon/src/converters/mpeg4-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-mpeg4-'));
  path = join(folder, 'movie');
});

afterEach(() => rm(folder, { recursive: true }));

async function readMpeg4File(movie: string) {
  const file = await open(movie);
  return read(file).finally(() => file.close());
}

function box(name: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([numbers(8 + content.length), Buffer.from(name, 'latin1'), content]);
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

function track(
  kind: string,
  { language = 'und', enabled = true, selfContained = true, title = '', codec = 'mp4a' } = {},
): Buffer {
  const packed = [...language].reduce((sum, letter) => (sum << 5) | (letter.charCodeAt(0) - 0x60), 0);
  return box(
    'trak',
    box('tkhd', numbers(enabled ? 7 : 6, 0, 0, 1)),
    box(
      'mdia',
      box('mdhd', numbers(0, 0, 0, 8000, 8000, packed << 16)),
      box('hdlr', numbers(0, 0), Buffer.from(kind), numbers(0, 0, 0)),
      box(
        'minf',
        box('dinf', box('dref', numbers(0, 1), box('url ', numbers(selfContained ? 1 : 0)))),
        box('stbl', box('stsd', numbers(0, 1), box(codec, numbers(0, 0)))),
      ),
    ),
    ...(title === '' ? [] : [box('udta', box('name', Buffer.from(title)))]),
  );
}

const start = box('ftyp', Buffer.from('M4A \0\0\0\0'));

test('tells the sound tracks with language, default, title and codec', async () => {
  const tracks = [
    track('vide'),
    track('soun', { language: 'deu', title: 'Microphone' }),
    track('soun', { enabled: false, codec: 'alac' }),
  ];
  // The name of the movie is not that of its last track.
  const movieName = box('udta', box('name', Buffer.from('Interview')));
  await writeFile(path, Buffer.concat([start, box('moov', ...tracks, movieName), box('mdat')]));
  expect(await readMpeg4File(path)).toEqual({
    refersElsewhere: false,
    tracks: [
      { number: 1, language: 'deu', isDefault: true, title: 'Microphone', codec: 'aac' },
      { number: 2, language: null, isDefault: false, title: null, codec: 'alac' },
    ],
    boxes: ['ftyp', 'moov', 'mdat'],
    endsWithinBox: false,
  });
});

test.each([
  ['a sound track whose sound lies elsewhere', box('moov', track('soun', { selfContained: false })), true],
  [
    'boxes of strange names before sound that lies elsewhere',
    Buffer.concat([
      box('\x01\x02\x03\x04', numbers(0)),
      box('moov', box('\x00\xff?!', numbers(0)), track('soun', { selfContained: false })),
    ]),
    true,
  ],
  ['a list of other movies', box('moov', box('rmra', box('rmda'))), true],
  ['an index that is shrunk, and so hidden', box('moov', box('cmov')), true],
  ['a picture that lies elsewhere', box('moov', track('vide', { selfContained: false }), track('soun')), false],
])('of a movie with %s that is noticed', async (_, moov, refersElsewhere) => {
  await writeFile(path, Buffer.concat([start, moov]));
  expect(await readMpeg4File(path)).toMatchObject({ refersElsewhere });
});

test('boxes in boxes without end, or more of them than a movie has, are not followed', async () => {
  await writeFile(path, Buffer.concat([start, ...Array.from({ length: 100_000 }, () => box('free'))]));
  expect(await readMpeg4File(path)).toMatchObject({ refersElsewhere: true });
});

test('what begins with no box is no movie, and what ends within one says so', async () => {
  await writeFile(path, 'RIFF1234WAVE');
  expect(await readMpeg4File(path)).toMatchObject({ tracks: [] });
  await writeFile(path, Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3, 4, 5, 6]));
  expect(await readMpeg4File(path)).toBeNull();
  await writeFile(path, Buffer.concat([start, box('moov', track('soun')).subarray(0, 50)]));
  expect(await readMpeg4File(path)).toMatchObject({ endsWithinBox: true, boxes: ['ftyp', 'moov'] });
});
