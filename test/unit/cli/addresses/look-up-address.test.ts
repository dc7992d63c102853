import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lookUpAddress } from '../../../../daemon/src/cli/addresses/look-up-address.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-look-up-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Asks a program that prints this in place of yt-dlp's description. */
function lookUp(printed: string) {
  const program = join(folder, 'yt-dlp');
  writeFileSync(join(folder, 'printed'), printed);
  writeFileSync(program, `#!/bin/sh\nexec cat '${join(folder, 'printed')}'\n`, { mode: 0o755 });
  return lookUpAddress({
    ytDlp: { program, environment: {}, options: [] },
    url: 'https://x.org/talk',
    signal: new AbortController().signal,
  });
}

test('a recording has the title and the ending that yt-dlp says', async () => {
  const info = JSON.stringify({ title: 'A / talk', ext: 'm4a', is_live: null, entries: undefined, formats: [1] });
  expect(await lookUp(`\n${info}\n`)).toEqual({
    isList: false,
    recordings: [{ url: 'https://x.org/talk', title: 'A talk', extension: 'm4a', info }],
  });
});

test.each([
  ['no JSON', '{ "title": "A talk"'],
  ['a title that is a number', '{ "title": 5 }'],
  ['entries that are no list', '{ "_type": "playlist", "entries": "many" }'],
  ['an entry that is a text', '{ "_type": "playlist", "entries": ["one"] }'],
])('%s is an error with a code', async (_, printed) => {
  await expect(lookUp(printed)).rejects.toMatchObject({
    code: 'ADDRESS_UNREADABLE',
    message: 'yt-dlp does not say in a known form what is at https://x.org/talk.',
  });
});
