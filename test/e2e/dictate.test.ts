import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { searchHistory } from '../../daemon/src/client/history.ts';
import { followJob, getJob, listJobs } from '../../daemon/src/client/jobs.ts';
import { continueLive } from '../../daemon/src/client/live.ts';
import type { JobEvent } from '../../daemon/src/protocol/job-events.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { startBreakingSocket } from './support/breaking-socket.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';
import { keys, openTerminal } from './support/terminal.ts';

const cliModule = pathOf('daemon/dist/cli/main.js');
/** 8.7 s: "… the first great sorrow … built around it" */
const voice = pathOf('test/fixtures/audio/librispeech_1995-1837-0001.wav');
/** A second: the names of cards. */
const shortVoice = pathOf('test/fixtures/audio/pocketsphinx_cards_001.wav');
const said = /first great sorrow.*built around it/is;

let daemon: RunningDaemon;
let folder: string;

beforeAll(async () => {
  daemon = await startDaemon();
});

afterAll(() => daemon.stop());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-dictate-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Programs of these names, and no others, are on the PATH. */
function onPath(scripts: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...kept } = process.env;
  return { ...kept, PATH: bin, HEARTH_HOME: daemon.home };
}

function recorder(speed: number, heard = voice): string {
  return `exec '${process.execPath}' '${pathOf('test/stand-ins/recorder.mjs')}' '${heard}' ${speed}`;
}

function dictate(environment: NodeJS.ProcessEnv, ...values: readonly string[]) {
  return spawn(process.execPath, [cliModule, 'dictate', '--language', 'en', ...values], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ReturnType<typeof dictate>) {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code };
}

/** What makes a terminal needs the usual programs as well. */
function terminalOn(environment: NodeJS.ProcessEnv) {
  const command = [process.execPath, cliModule, 'dictate', '--language', 'en'] as const;
  const path = `${environment['PATH']}:${process.env['PATH']}`;
  return openTerminal({ command, environment: { ...environment, PATH: path } });
}

test('on a terminal the text follows the voice, and Enter ends it', async () => {
  const terminal = terminalOn(onPath({ parec: recorder(6) }));
  await terminal.until(({ screen }) => screen().some((line) => line === 'Listening. Enter ends it.'));
  await terminal.until(({ screen }) => /built around it/i.test(screen().join(' ')));
  terminal.type(keys.enter);
  expect(await terminal.ended).toBe(0);
  expect(terminal.lines().join(' ')).toMatch(said);
  expect(terminal.lines().join(' ')).not.toMatch(/Listening|Transcribing/);
  expect(terminal.isCursorVisible()).toBe(true);
});

test.each([
  ['Ctrl-D', keys.controlD],
  ['Ctrl-C', keys.controlC],
])('%s ends it too', async (_, key) => {
  const terminal = terminalOn(onPath({ parec: recorder(6, shortVoice) }));
  await terminal.until(({ screen }) => /^(?!Listening).*\w/.test(screen()[0] ?? ''));
  terminal.type(key);
  expect(await terminal.ended).toBe(0);
  expect(terminal.lines()[0]).toMatch(/^(?!Listening).*\w/);
});

test('a silence ends it; the text is cleaned up, printed alone, and in the history', async () => {
  execFileSync(process.execPath, [cliModule, 'words', 'add', 'great sorrow', 'SORROW'], {
    env: { ...process.env, HEARTH_HOME: daemon.home },
    stdio: 'ignore',
  });
  const environment = onPath({ parec: recorder(6) });
  const result = await finish(dictate(environment, '--stop-after-silence', '1.5s'));
  expect(result).toEqual({
    stdout: expect.stringMatching(/^.*first SORROW.*built around it\.?\n$/is),
    stderr: '',
    code: 0,
  });
  const { entries } = await searchHistory({ socketPath: daemon.socketPath });
  expect(entries[0]).toMatchObject({ name: 'Dictation', excerpt: expect.stringContaining('SORROW') });
});

test('--copy copies it and prints nothing; without a program for that, nobody speaks in vain', async () => {
  const copied = join(folder, 'copied');
  const without = onPath({ parec: recorder(6, shortVoice) });
  expect(await finish(dictate(without, '--copy'))).toMatchObject({
    stdout: '',
    code: 1,
    stderr: expect.stringContaining('pbcopy, wl-copy, xclip, xsel'),
  });
  const environment = {
    ...onPath({ parec: recorder(6, shortVoice), xclip: `exec /bin/cat > '${copied}'` }),
    DISPLAY: ':9',
  };
  const result = await finish(dictate(environment, '--copy', '--stop-after-silence', '1s'));
  expect(result).toEqual({ stdout: '', stderr: '', code: 0 });
  expect(readFileSync(copied, 'utf8')).toMatch(/\w\W?$/);
  const broken = { ...onPath({ parec: recorder(6, shortVoice), xclip: 'exit 1' }), DISPLAY: ':9' };
  const failed = await finish(dictate(broken, '--copy', '--stop-after-silence', '1s'));
  expect(failed).toMatchObject({ stdout: expect.stringMatching(/\w/), code: 1 });
});

test('a recorder without sound makes way for the next; that it heard only silence is told', async () => {
  const silent = 'echo "RECORDER_SILENT The microphone gave nothing but silence for 3 s." >&2; exit 1';
  const environment = onPath({ parec: recorder(1, 'none'), arecord: silent, ffmpeg: recorder(6, shortVoice) });
  expect(await finish(dictate(environment, '--stop-after-silence', '1s'))).toMatchObject({
    stdout: expect.stringMatching(/\w/),
    stderr: expect.stringMatching(
      /^hearth: The microphone gave nothing but silence for 3 s\. Allow your terminal in [^\n]+\n$/,
    ),
    code: 0,
  });
});

test('without a recorder, or with none that gives sound, it says what to do', async () => {
  expect(await finish(dictate(onPath({})))).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/Expected a program that records \(.*\), found none.*Install one: /s),
    code: 1,
  });
  expect(await finish(dictate(onPath({ parec: recorder(1, 'none') })))).toMatchObject({
    stdout: '',
    stderr: expect.stringContaining('The recorder parec ended. It said: Connection failure: Connection refused'),
    code: 1,
  });
});

test('a microphone that goes away costs no word that was said before', async () => {
  const environment = { ...onPath({ parec: recorder(6) }), STAND_IN_BREAKS_AFTER: '4' };
  expect(await finish(dictate(environment))).toMatchObject({
    stdout: expect.stringMatching(/\w+ \w+/),
    stderr: expect.stringContaining('The recorder parec ended. It said: Stream error: No such entity'),
    code: 1,
  });
});

test('what was recorded by a command that is killed is with the daemon', async () => {
  const child = dictate(onPath({ parec: recorder(3) }));
  const { socketPath } = daemon;
  const jobId = await sessionOf(socketPath);
  await new Promise<void>((resolve) => {
    void followJob({ socketPath }, jobId, ({ type }) => {
      if (type === 'text-tentative' || type === 'text-committed') resolve();
    }).catch(() => undefined);
  });
  child.kill('SIGKILL');
  await once(child, 'close');
  const offset = await receivedBytes(socketPath, jobId);
  // Nobody goes on with it: what was heard is transcribed.
  let last: JobEvent | null = null;
  for await (const event of continueLive({ socketPath }, { jobId, offset, audio: nothing() })) last = event;
  expect(last).toMatchObject({ type: 'job-done', result: { text: expect.stringMatching(/\w/) } });
});

test('a connection that breaks costs nothing: the session goes on in the next', async () => {
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  const between = await startBreakingSocket({
    socketPath: join(home, 'hearth.sock'),
    daemonSocketPath: daemon.socketPath,
    afterBytes: 64_000,
    times: 2,
  });
  try {
    const environment = { ...onPath({ parec: recorder(6) }), HEARTH_HOME: home };
    expect(await finish(dictate(environment, '--stop-after-silence', '1.5s'))).toMatchObject({
      stdout: expect.stringMatching(/first.*sorrow.*built around it/is),
      stderr: '',
      code: 0,
    });
    expect(between.breaks()).toBe(2);
  } finally {
    between.close();
  }
});

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function sessionOf(socketPath: string): Promise<string> {
  for (;;) {
    const running = (await listJobs({ socketPath })).find(({ state }) => state === 'running');
    if (running !== undefined) return running.id;
    await delay(20);
  }
}

/** How much of the sound has come, once no more comes. */
async function receivedBytes(socketPath: string, jobId: string): Promise<number> {
  const { receivedBytes: bytes = null } = await getJob({ socketPath }, jobId);
  return bytes ?? 0;
}

test.each([
  ['--stop-after-silence', 'soon'],
  ['--stop-after-silence', '0s'],
  ['--language', 'klingon'],
])('%s %s is wrong use', async (...values) => {
  expect(await finish(dictate(onPath({ parec: recorder(6) }), ...values))).toMatchObject({ stdout: '', code: 2 });
});

const lacking = ['pulseaudio', 'pactl', 'paplay', 'parec'].filter((name) => spawnSync(name, ['--version']).error);

(lacking.length === 0 ? test : test.skip)(
  `a real sound server: what is played into a null sink is written${lacking.length === 0 ? '' : ` (not here: ${lacking.join(', ')})`}`,
  async () => {
    const { PATH } = process.env;
    const runtime = join(folder, 'pulse');
    mkdirSync(runtime, { mode: 0o700 });
    const { DISPLAY: _, DBUS_SESSION_BUS_ADDRESS: __, ...kept } = process.env;
    const server = { ...kept, PATH, HOME: folder, XDG_RUNTIME_DIR: runtime, PULSE_SERVER: `unix:${runtime}/socket` };
    const load = [
      `module-native-protocol-unix socket=${runtime}/socket auth-anonymous=1`,
      'module-null-sink sink_name=room',
    ];
    const pulse = spawn(
      'pulseaudio',
      ['-n', '--daemonize=no', '--exit-idle-time=-1', ...load.flatMap((each) => ['-L', each])],
      {
        env: server,
        stdio: 'ignore',
      },
    );
    try {
      while (spawnSync('pactl', ['info'], { env: server }).status !== 0) {
        expect(pulse.exitCode).toBeNull();
      }
      const child = dictate(
        { ...server, HEARTH_HOME: daemon.home },
        '--device',
        'room.monitor',
        '--stop-after-silence',
        '2s',
      );
      const outcome = finish(child);
      while (
        !spawnSync('pactl', ['list', 'short', 'source-outputs'], { env: server, encoding: 'utf8' }).stdout.includes(
          '\t',
        )
      ) {
        expect(child.exitCode).toBeNull();
      }
      const played = spawn('paplay', ['--device=room', voice], { env: server, stdio: 'ignore' });
      expect(await once(played, 'close')).toEqual([0, null]);
      expect(await outcome).toEqual({ stdout: expect.stringMatching(/built around it\.?\n$/i), stderr: '', code: 0 });
    } finally {
      pulse.kill('SIGTERM');
      await once(pulse, 'close');
    }
  },
);
