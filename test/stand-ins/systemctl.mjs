/**
 * Stands in for `systemctl --user`: runs the programs of units, which it reads only after `daemon-reload`. Its state is in
 * the folder STAND_IN_SYSTEMD: `calls`, `enabled/<unit>`, `read/<unit>`, `jobs/<unit>/` as launchd's stand-in keeps them,
 * and `no-bus` where this login has no systemd.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const folder = process.env.STAND_IN_SYSTEMD;
const [scope, verb, ...rest] = process.argv.slice(2);
if (!folder || scope !== '--user') throw new Error('Expected STAND_IN_SYSTEMD and --user.');
for (const name of ['enabled', 'read', 'jobs']) mkdirSync(join(folder, name), { recursive: true });
appendFileSync(join(folder, 'calls'), `${[verb, ...rest].join(' ')}\n`);
if (existsSync(join(folder, 'no-bus'))) fail('Failed to connect to bus: No medium found');

const unitFolder = join(process.env.XDG_CONFIG_HOME || join(process.env.HOME, '.config'), 'systemd', 'user');
const unit = rest.find((word) => word.endsWith('.service'));
const job = join(folder, 'jobs', unit ?? '');
const read = join(folder, 'read', unit ?? '');

const commands = {
  'daemon-reload': () => {
    rmSync(join(folder, 'read'), { recursive: true });
    if (existsSync(unitFolder)) cpSync(unitFolder, join(folder, 'read'), { recursive: true });
  },
  enable: () => writeFileSync(join(folder, 'enabled', requireUnit()), ''),
  disable: async () => {
    requireUnit();
    if (rest.includes('--now')) await end();
    rmSync(join(folder, 'enabled', unit), { force: true });
  },
  'reset-failed': () => {},
  start,
  stop: end,
  restart: async () => {
    await end();
    start();
  },
  show,
};
await commands[verb]();

function requireUnit() {
  if (!existsSync(read)) fail(`Unit ${unit} not found.`, 5);
  return unit;
}

function start() {
  requireUnit();
  if (existsSync(job)) return;
  const values = parseUnit(readFileSync(read, 'utf8'));
  mkdirSync(job);
  writeFileSync(join(job, 'agent.json'), JSON.stringify(values));
  writeFileSync(join(job, 'state.json'), JSON.stringify({ state: 'starting', runs: 0 }));
  const runner = fileURLToPath(new URL('launchd-job.mjs', import.meta.url));
  spawn(process.execPath, [runner, job], { detached: true, stdio: 'ignore' }).unref();
}

/** Returns when the unit's process is gone, as systemd's does. */
async function end() {
  if (!existsSync(job)) return;
  writeFileSync(join(job, 'bootout'), '');
  while (existsSync(job)) await delay(10);
}

function show() {
  const isLoaded = existsSync(read);
  const state = existsSync(job) ? JSON.parse(readFileSync(join(job, 'state.json'), 'utf8')) : {};
  const { pid = 0, exitCode, signal } = state;
  const lines = [
    `LoadState=${isLoaded ? 'loaded' : 'not-found'}`,
    `ActiveState=${pid ? 'active' : existsSync(job) ? (exitCode ? 'activating' : 'inactive') : 'inactive'}`,
    `MainPID=${pid}`,
    `ExecMainCode=${pid ? 0 : signal ? 2 : exitCode === undefined ? 0 : 1}`,
    `ExecMainStatus=${pid ? 0 : signal ? Number(/\d+$/.exec(signal)[0]) : (exitCode ?? 0)}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function parseUnit(text) {
  const values = new Map(text.split('\n').map((line) => line.split(/=(.*)/, 2)));
  const plain = (word) => word.replaceAll('%%', '%');
  const words = (line) =>
    [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => plain(match[1].replace(/\\(.)/g, '$1')));
  const variables = text.split('\n').filter((line) => line.startsWith('Environment='));
  return {
    ProgramArguments: words(values.get('ExecStart')).map((word) => word.replaceAll('$$', '$')),
    EnvironmentVariables: Object.fromEntries(variables.flatMap(words).map((word) => word.split(/=(.*)/, 2))),
    WorkingDirectory: plain(values.get('WorkingDirectory')),
    StandardErrorPath: plain(values.get('StandardError').replace('append:', '')),
    KeepAlive: { SuccessfulExit: values.get('Restart') !== 'on-failure' },
    ExitTimeOut: Number(values.get('TimeoutStopSec')),
    Umask: Number.parseInt(values.get('UMask'), 8),
  };
}

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
