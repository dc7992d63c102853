/** `npm run pictures`: draws the extension's pictures by running its built commands with a real daemon. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pathOf } from '../../test/engine/fork-engine.ts';
import type { RunningCommand } from '../../test/raycast/host/launch-command.ts';
import type { Screen } from '../../test/raycast/host/messages.ts';
import { buildExtension } from '../../test/raycast/store/build-extension.ts';
import { installSox } from '../../test/raycast/support/install-programs.ts';
import { itemsOf, markdownOf } from '../../test/raycast/support/look.ts';
import { startMac } from '../../test/raycast/support/start-mac.ts';
import { drawScreen } from './draw-screen.ts';

const chromium = process.env['CHROMIUM'] ?? 'chromium';
const pages = await mkdtemp(join(tmpdir(), 'pictures-'));
const metadata = pathOf('extension/metadata');

await buildExtension();
await mkdir(metadata, { recursive: true });
const mac = await startMac();
try {
  await mac.startHearth();
  await drawIcon();
  await drawTranscribeFile();
  await drawBatch();
  await drawDictation();
  await drawHistory();
  await drawModels();
} finally {
  await mac.clear();
  await rm(pages, { recursive: true });
}

async function drawTranscribeFile(): Promise<void> {
  const raycast = mac.launch({ command: 'transcribe-file' });
  await raycast.until(({ view }) => view?.type === 'Form' && view.props['isLoading'] !== true);
  await raycast.fill({
    files: [await mac.addRecording('assets/samples/jfk.flac', 'inauguration.flac')],
    format: 'srt',
  });
  const form = await raycast.until(({ view }) => JSON.stringify(view).includes('inauguration'));
  await save('transcribe-file', 'Transcribe File', form);
  await raycast.fill({
    files: [await mac.addRecording('test/fixtures/audio/LJ001-long.mp3', 'printing.mp3')],
    format: 'txt',
  });
  await raycast.act('Transcribe');
  const half = ({ toast, view }: Screen) => /[3-9]\d%/.test(toast?.message ?? '') && markdownOf(view).length > 400;
  await save('progress', 'Transcribe File', await raycast.until(half));
  await raycast.until(({ toast }) => toast?.style === 'SUCCESS');
  await mac.endCommands();
}

async function drawBatch(): Promise<void> {
  const names = ['interview 1.flac', 'interview 2.flac', 'interview 3.flac'];
  const sources = ['1688-142285-0000.flac', 'librispeech-1688-joined.flac', 'mlx_whisper_ls_test.flac'];
  const files = await Promise.all(
    sources.map((name, at) => mac.addRecording(`test/fixtures/audio/${name}`, names[at])),
  );
  const raycast = mac.launch({ command: 'transcribe-file' });
  await raycast.until(({ view }) => view?.type === 'Form' && view.props['isLoading'] !== true);
  await raycast.fill({ files });
  await raycast.act('Transcribe');
  await save(
    'batch',
    'Transcribe File',
    await raycast.until(({ view }) => /\d%/.test(JSON.stringify(itemsOf(view)[1]))),
  );
  await raycast.until(({ toast }) => toast?.style === 'SUCCESS');
  await mac.endCommands();
}

async function drawDictation(): Promise<void> {
  const voice = 'test/fixtures/audio/librispeech_1995-1837-0001.wav';
  const recorderPath = await installSox({ userHome: mac.userHome, voice, speed: 1 });
  const raycast: RunningCommand = mac.launch({ command: 'dictate', preferences: { recorderPath } });
  await save('dictate', 'Dictate', await raycast.until(({ view }) => /dreams/.test(markdownOf(view))));
  await raycast.act('Finish and Paste');
  await raycast.until(({ huds }) => huds.length > 0);
  await mac.endCommands();
}

async function drawHistory(): Promise<void> {
  const raycast = mac.launch({ command: 'transcription-history' });
  await save('history', 'Transcription History', await raycast.until(({ view }) => itemsOf(view).length > 4));
}

async function drawModels(): Promise<void> {
  const raycast = mac.launch({ command: 'manage-models' });
  await save('models', 'Manage Models', await raycast.until(({ view }) => itemsOf(view).length > 4));
  await mac.endCommands();
}

async function save(name: string, title: string, screen: Screen): Promise<void> {
  const page = join(pages, `${name}.html`);
  await writeFile(page, drawScreen(screen, { title, replace: [mac.userHome, '/Users/ada'] }));
  photograph({ page, picture: join(metadata, `hearth-${name}.png`), size: '1000,625', scale: 2 });
}

async function drawIcon(): Promise<void> {
  const page = join(pages, 'icon.html');
  const source = pathToFileURL(pathOf('assets/icons/hearth.svg'));
  await writeFile(page, `<!doctype html><style>*{margin:0}img{display:block;width:512px}</style><img src="${source}">`);
  photograph({ page, picture: pathOf('extension/assets/icon.png'), size: '512,512', scale: 1 });
}

function photograph(request: { page: string; picture: string; size: string; scale: number }): void {
  const { page, picture, size, scale } = request;
  const look = [`--window-size=${size}`, `--force-device-scale-factor=${scale}`, '--default-background-color=00000000'];
  const run = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', `--screenshot=${picture}`];
  const { status, error } = spawnSync(chromium, [...run, ...look, pathToFileURL(page).href], { stdio: 'ignore' });
  if (status !== 0) {
    throw new Error(
      `Expected ${chromium} to draw ${picture}, got ${error?.message ?? `exit code ${status}`}. Install it, or name another with CHROMIUM.`,
    );
  }
}
