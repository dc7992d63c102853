import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { formats } from '../../daemon/src/formats/formats.ts';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import { rootFolder } from '../../setup/folders.mjs';
import { installPython } from '../clients/install-python.mjs';
import { segment, transcript } from '../stand-ins/daemon.ts';

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;
const hasLibreOffice = spawnSync('soffice', ['--version']).status === 0;
const installingMs = 900_000;

/** What python-docx reads: paragraphs with their styles, and the properties of the document. */
const reader = `
import json, sys, docx
document = docx.Document(sys.argv[1])
properties = document.core_properties
print(json.dumps({
    "title": properties.title, "author": properties.author,
    "paragraphs": [[paragraph.style.name, paragraph.text] for paragraph in document.paragraphs],
}))
`;

let home: string;
let file: string;

beforeAll(async () => {
  const spoken: Transcript = {
    ...transcript([
      segment(0, 4, ' Hello *everybody*, <b>welcome</b>.'),
      segment(4.2, 8, ' It costs 5 & 6 $.'),
      { ...segment(8.5, 9, ' Thanks.'), speaker: 'R&D' },
      segment(3700, 3702, ' bell \u0007, half \ud83d, 😀 \uffff'),
    ]),
    duration: 3725.4,
    language: 'en',
  };
  const origin = { name: 'Monday (team).m4a', createdAt: new Date(2026, 0, 31, 14, 5) };
  home = mkdtempSync(join(tmpdir(), 'hearth-docx-'));
  file = join(home, 'talk.docx');
  writeFileSync(file, await formats.docx.write(spoken, {}, origin));
});

afterAll(() => rmSync(home, { recursive: true }));

(hasPython ? test : test.skip)(
  `python-docx reads the document for Word${hasPython ? '' : ' (not run: there is no Python)'}`,
  async () => {
    const folder = join(rootFolder, 'build', 'test-docx', 'python');
    const requirements = 'test/e2e/docx-requirements.txt';
    await installPython({ name: 'test-docx-python', title: "Word's reader for tests", requirements, folder });
    const env = { ...process.env, PYTHONPATH: folder };
    expect(JSON.parse(execFileSync('python3', ['-c', reader, file], { encoding: 'utf8', env }))).toEqual({
      title: 'Monday (team)',
      author: 'Hearth',
      paragraphs: [
        ['Title', 'Monday (team)'],
        ['Normal', '2026-01-31 · 1:02:05 · English'],
        ['Normal', '0:00\tHello *everybody*, <b>welcome</b>. It costs 5 & 6 $.'],
        ['Normal', '0:08\tR&D: Thanks.'],
        ['Normal', '1:01:40\tbell , half \ufffd, 😀 '],
      ],
    });
  },
  installingMs,
);

(hasLibreOffice ? test : test.skip)(
  `LibreOffice reads it${hasLibreOffice ? '' : ' (not run: it is not installed)'}`,
  () => {
    const profile = `-env:UserInstallation=${pathToFileURL(join(home, 'profile'))}`;
    const convert = ['--headless', '--convert-to', 'txt:Text (encoded):UTF8', '--outdir', home, file];
    execFileSync('soffice', [profile, ...convert], { stdio: 'ignore' });
    expect(readFileSync(join(home, 'talk.txt'), 'utf8').replace('\ufeff', '').split('\n')).toEqual([
      'Monday (team)',
      '2026-01-31 · 1:02:05 · English',
      '0:00\tHello *everybody*, <b>welcome</b>. It costs 5 & 6 $.',
      '0:08\tR&D: Thanks.',
      '1:01:40\tbell , half \ufffd, 😀 ',
      '',
    ]);
  },
  installingMs,
);
