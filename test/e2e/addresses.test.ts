import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rootFolder } from '../../setup/folders.mjs';
import { installPython } from '../clients/install-python.mjs';
import { makeCertificate } from '../stand-ins/certificate.ts';
import { startStandInProxy } from '../stand-ins/proxy.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { keys, type OpenTerminal, openTerminal } from './support/terminal.ts';

/** yt-dlp itself, pinned, against a server of this machine. It brings no other package, and asks nobody else. */
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0;
const describeWhere = hasPython ? describe : describe.skip;
const ytDlp = join(rootFolder, 'build', 'test-yt-dlp', 'python');
const jfk = readFileSync(join(rootFolder, 'test', 'fixtures', 'audio', 'jfk.mp3'));
const jfkText = /my fellow Americans,? ask not what your country can do for you,? ask what you can do for your country/;

let folder: string;
let server: Server;
let site: string;
/** Answers that have begun and do not end. */
const endless = new Set<ServerResponse>();

const page =
  '<html><head><title>A talk: "Ask not"</title></head><body><audio src="talk.mp3" controls></audio></body></html>';
const feed = () =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>Talks</title>${['One', 'Two']
    .map((title) => `<item><title>${title}</title><enclosure url="${site}/${title}.mp3" type="audio/mpeg"/></item>`)
    .join('')}</channel></rss>`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-addresses-'));
  await mkdir(join(folder, 'temporary'));
  if (!hasPython) return;
  await installPython({
    name: 'test-yt-dlp-python',
    title: 'yt-dlp for tests',
    requirements: 'test/e2e/yt-dlp-requirements.txt',
    folder: ytDlp,
  });
  server = createServer(({ url, method }, response) => {
    if (url === '/page.html') return void response.setHeader('content-type', 'text/html').end(page);
    if (url === '/feed.xml') return void response.setHeader('content-type', 'application/rss+xml').end(feed());
    response.setHeader('content-type', 'audio/mpeg');
    if (url === '/endless.mp3') {
      response.setHeader('content-length', jfk.length * 2);
      if (method === 'HEAD') return void response.end();
      response.write(jfk);
      endless.add(response);
      response.once('close', () => endless.delete(response));
      return;
    }
    response.setHeader('content-length', jfk.length);
    response.end(method === 'HEAD' ? '' : jfk);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 900_000);

afterAll(async () => {
  if (hasPython) await run('stop').ended;
  server?.closeAllConnections();
  server?.close();
  await rm(folder, { recursive: true });
});

/** On a terminal, and without the configuration of whoever runs this. */
function run(...values: readonly string[]): OpenTerminal {
  return runWith({}, ...values);
}

function runWith(environment: Readonly<Record<string, string>>, ...values: readonly string[]): OpenTerminal {
  return openTerminal({
    command: [join(rootFolder, 'hearth'), ...values],
    folder,
    columns: 160,
    environment: {
      ...eachWindowOnce,
      HEARTH_HOME: join(folder, 'home'),
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      TMPDIR: join(folder, 'temporary'),
      PYTHONPATH: ytDlp,
      PATH: [join(ytDlp, 'bin'), process.env['PATH']].join(delimiter),
      ...environment,
    },
  });
}

const text = (terminal: OpenTerminal) => terminal.lines().join(' ').replace(/\s+/g, ' ');

describeWhere(`recordings at addresses${hasPython ? '' : ' (not run: there is no Python 3.10)'}`, () => {
  test('the recording of a page is downloaded, transcribed and called by its title', async () => {
    const terminal = run('transcribe', `${site}/page.html`, '--window', 'short');
    expect(await terminal.ended).toBe(0);
    expect(terminal.written()).toContain('looking it up');
    expect(terminal.written()).toContain('downloading');
    expect(text(terminal)).toMatch(jfkText);
    const history = run('history');
    expect(await history.ended).toBe(0);
    expect(text(history)).toContain('A talk "Ask not" (1).mp3');
    expect(await readdir(join(folder, 'temporary'))).toEqual([]);
  });

  test('a list is refused, and taken with --recursive but for those that are done', async () => {
    const refused = run('transcribe', `${site}/feed.xml`);
    expect(await refused.ended).toBe(2);
    expect(text(refused)).toContain('Expected the address of one recording, got a list of 2');
    await mkdir(join(folder, 'texts'));
    await writeFile(join(folder, 'texts', 'One.txt'), 'done before');
    const taken = run(
      'transcribe',
      `${site}/feed.xml`,
      '--recursive',
      '-o',
      'texts',
      '--skip-existing',
      '--window',
      'short',
    );
    expect(await taken.ended).toBe(0);
    expect(text(taken)).toContain('1 skipped');
    expect(readFileSync(join(folder, 'texts', 'One.txt'), 'utf8')).toBe('done before');
    expect(readFileSync(join(folder, 'texts', 'Two.txt'), 'utf8')).toMatch(jfkText);
  });

  test('yt-dlp goes through the proxy in the settings, and trusts their certificates', async () => {
    const { key, cert } = makeCertificate(folder);
    const secure = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, ({ method }, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': jfk.length });
      response.end(method === 'HEAD' ? '' : jfk);
    });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const host = `127.0.0.1:${(secure.address() as AddressInfo).port}`;
    const proxy = await startStandInProxy({ credentials: 'me:secret' });
    try {
      const settings = { HEARTH_PROXY: proxy.address, HEARTH_CERTIFICATES: cert };
      const untrusted = runWith({ HEARTH_PROXY: proxy.address }, 'transcribe', `https://${host}/talk.mp3`);
      expect(await untrusted.ended).toBe(1);
      expect(text(untrusted)).toContain('cannot be reached');
      const terminal = runWith(settings, 'transcribe', `https://${host}/talk.mp3`, '--window', 'short');
      expect(await terminal.ended).toBe(0);
      expect(text(terminal)).toMatch(jfkText);
      expect(new Set(proxy.asked)).toEqual(new Set([host]));
      expect(await readdir(join(folder, 'temporary'))).toEqual([]);
    } finally {
      await proxy.close();
      secure.closeAllConnections();
      secure.close();
    }
  });

  test('Ctrl-C in the middle of a download ends yt-dlp and leaves no file', async () => {
    const terminal = run('transcribe', `${site}/endless.mp3`);
    await terminal.until(({ screen }) => screen().some((line) => /\b([1-9]|[1-4]\d|50)% downloading/.test(line)));
    expect(await readdir(join(folder, 'temporary'))).toEqual([expect.stringMatching(/^hearth-download-/)]);
    terminal.type(keys.controlC);
    expect(await terminal.ended).toBe(130);
    await Promise.all([...endless].map((response) => once(response, 'close')));
    expect(await readdir(join(folder, 'temporary'))).toEqual([]);
  });
});
