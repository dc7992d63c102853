/**
 * The part of launchd that runs one job: `node launchd-job.mjs <folder of the job>`. It starts the program with launchd's
 * bare environment, starts it again when it fails, ends it with SIGTERM and after ExitTimeOut with SIGKILL, and ends
 * itself when the job is booted out or its folder is taken away.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 10;
/** In the place of ThrottleInterval, which no test waits for. */
const throttleMs = 250;
/** How long a job lingers after its process has ended. */
const lingerMs = 300;

const folder = process.argv[2];
const agent = JSON.parse(readFileSync(join(folder, 'agent.json'), 'utf8'));
let runs = 0;
let child = null;
let last = {};

process.umask(agent.Umask ?? 0o022);
// What launchd documents: the program runs at once where KeepAlive asks for it, RunAtLoad or not.
let wanted = agent.RunAtLoad === true || agent.KeepAlive !== undefined;

for (;;) {
  if (!existsSync(folder)) break;
  if (take('bootout', false)) break;
  if (take('restart')) {
    await end();
    wanted = true;
  }
  if (take('start')) wanted = true;
  if (wanted && child === null) start();
  await delay(pollMs);
}
await end();
await delay(lingerMs);
rmSync(folder, { recursive: true, force: true });

function start() {
  wanted = false;
  runs += 1;
  const [program, ...values] = agent.ProgramArguments;
  const output = openSync(agent.StandardErrorPath, 'a', 0o600);
  const { HOME, TMPDIR, USER } = process.env;
  const started = spawn(program, values, {
    cwd: agent.WorkingDirectory,
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', HOME, TMPDIR, USER, ...agent.EnvironmentVariables },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child = started;
  report('running');
  // launchd tells of a program that it cannot run with EX_CONFIG.
  started.once('error', () => ended(78, null));
  started.once('exit', ended);
}

function ended(code, signal) {
  const numbers = { SIGTERM: 'Terminated: 15', SIGKILL: 'Killed: 9', SIGABRT: 'Abort trap: 6' };
  child = null;
  last = signal === null ? { exitCode: code } : { signal: numbers[signal] ?? signal };
  report('not running');
  const failed = code !== 0;
  if (agent.KeepAlive === true || (agent.KeepAlive?.SuccessfulExit === false && failed)) {
    setTimeout(() => {
      if (child === null) wanted = true;
    }, throttleMs);
  }
}

async function end() {
  const running = child;
  if (running === null) return;
  report('SIGTERMed');
  const over = new Promise((resolve) => running.once('exit', resolve));
  running.kill('SIGTERM');
  const timer = setTimeout(() => running.kill('SIGKILL'), (agent.ExitTimeOut ?? 20) * 1000);
  await over;
  clearTimeout(timer);
}

function report(state) {
  const path = join(folder, 'state.json');
  if (!existsSync(folder)) return;
  writeFileSync(`${path}.new`, JSON.stringify({ state, runs, pid: child?.pid, ...last }));
  renameSync(`${path}.new`, path);
}

/** Whether this was asked for; a request is taken away unless others still have to see it. */
function take(request, remove = true) {
  const path = join(folder, request);
  if (!existsSync(path)) return false;
  if (remove) rmSync(path);
  return true;
}
