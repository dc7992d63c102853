/**
 * Stands in for `launchctl` and, with `launchd-job.mjs`, for launchd: jobs run their real programs, come back when they
 * fail, and go away some time after `bootout` returned. Its state is in the folder STAND_IN_LAUNCHD:
 *
 *   calls               every call, one a line
 *   jobs/<label>/       what is loaded; `agent.json`, `state.json`, and requests to the job's process
 *   disabled/<label>    jobs that may not be loaded
 *   failures/<verb>     exit codes, one a line, that the next calls of this verb fail with
 *   no-session          nobody is logged in at the screen
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const meanings = {
  1: 'Operation not permitted',
  3: 'No such process',
  5: 'Input/output error',
  36: 'Operation now in progress',
  37: 'Operation already in progress',
  109: 'Invalid property list',
  111: 'Invalid or missing Program/ProgramArguments',
  112: 'Could not find specified domain',
  119: 'Service is disabled',
  122: 'Path had bad ownership/permissions',
  125: 'Domain does not support specified action',
};

const folder = process.env.STAND_IN_LAUNCHD;
if (!folder) throw new Error('Expected STAND_IN_LAUNCHD to name a folder.');
const [verb, ...rest] = process.argv.slice(2);
mkdirSync(join(folder, 'jobs'), { recursive: true });
mkdirSync(join(folder, 'disabled'), { recursive: true });
appendFileSync(join(folder, 'calls'), `${[verb, ...rest].join(' ')}\n`);

const commands = { bootstrap, bootout, print, enable, disable, kickstart };
failAsOrdered();
await commands[verb](...rest);

async function bootstrap(domain, file) {
  requireSession(domain, 125);
  if (!existsSync(file)) fail('Bootstrap failed', 5);
  if (statSync(file).mode & 0o022) fail('Bootstrap failed', 122);
  const agent = await readAgent(file);
  if (existsSync(join(folder, 'disabled', agent.Label))) fail('Bootstrap failed', 119);
  const job = join(folder, 'jobs', agent.Label);
  if (existsSync(job)) fail('Bootstrap failed', existsSync(join(job, 'bootout')) ? 37 : 5);
  mkdirSync(job);
  writeFileSync(join(job, 'agent.json'), JSON.stringify({ ...agent, path: file }));
  writeFileSync(join(job, 'state.json'), JSON.stringify({ state: 'spawn scheduled', runs: 0 }));
  const runner = fileURLToPath(new URL('launchd-job.mjs', import.meta.url));
  spawn(process.execPath, [runner, job], { detached: true, stdio: 'ignore' }).unref();
}

async function readAgent(file) {
  // Most calls need no parser of XML, and there are many.
  const { parse } = await import('plist');
  let agent;
  try {
    agent = parse(readFileSync(file, 'utf8'));
  } catch {
    fail('Bootstrap failed', 109);
  }
  if (typeof agent?.Label !== 'string') fail('Bootstrap failed', 109);
  if (!agent.ProgramArguments?.[0]?.startsWith('/')) fail('Bootstrap failed', 111);
  return agent;
}

/** Returns before the job is gone. */
function bootout(target) {
  writeFileSync(
    join(
      requireJob(target, () => fail('Boot-out failed', 3)),
      'bootout',
    ),
    '',
  );
}

function kickstart(...values) {
  const kill = values[0] === '-k';
  const job = requireJob(values.at(-1), notFound);
  const { pid } = JSON.parse(readFileSync(join(job, 'state.json'), 'utf8'));
  if (pid && !kill) fail('Could not kickstart service', 37);
  writeFileSync(join(job, kill ? 'restart' : 'start'), '');
}

function print(target) {
  const job = requireJob(target, notFound);
  const agent = JSON.parse(readFileSync(join(job, 'agent.json'), 'utf8'));
  const { state, pid, runs, exitCode, signal } = JSON.parse(readFileSync(join(job, 'state.json'), 'utf8'));
  const lastExit = signal
    ? `last terminating signal = ${signal}`
    : `last exit code = ${exitCode === undefined ? '(never exited)' : exitCode === 78 ? '78: EX_CONFIG' : exitCode}`;
  const lines = [
    `${target} = {`,
    `\tactive count = ${pid ? 1 : 0}`,
    `\tpath = ${agent.path}`,
    '\ttype = LaunchAgent',
    `\tstate = ${state}`,
    '',
    `\tprogram = ${agent.ProgramArguments[0]}`,
    '\targuments = {',
    ...agent.ProgramArguments.map((each) => `\t\t${each}`),
    '\t}',
    '',
    '\tdefault environment = {',
    '\t\tPATH => /usr/bin:/bin:/usr/sbin:/sbin',
    '\t}',
    '',
    `\truns = ${runs}`,
    ...(pid ? [`\tpid = ${pid}`] : []),
    `\t${lastExit}`,
    '',
    '\tresource coalition = {',
    '\t\tID = 1089',
    '\t\ttype = resource',
    '\t\tstate = active',
    '\t\tactive count = 1',
    '\t}',
    '',
    '\tproperties = keepalive | runatload',
    '}',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function enable(target) {
  rmSync(join(folder, 'disabled', labelOf(target)), { force: true });
}

function disable(target) {
  writeFileSync(join(folder, 'disabled', labelOf(target)), '');
}

function requireJob(target, complain) {
  requireSession(target.split('/').slice(0, 2).join('/'), 112);
  const job = join(folder, 'jobs', labelOf(target));
  if (!existsSync(join(job, 'state.json'))) complain(target);
  return job;
}

function notFound(target) {
  const [domain, userId, label] = target.split('/');
  const place = `in domain for user ${domain}: ${userId}`;
  process.stderr.write(`Bad request.\nCould not find service "${label}" ${place}\n`);
  process.exit(113);
}

function requireSession(domain, code) {
  if (domain !== `gui/${process.getuid()}` || existsSync(join(folder, 'no-session'))) fail('Bad request', code);
}

function labelOf(target) {
  return target.split('/')[2];
}

function failAsOrdered() {
  const orders = join(folder, 'failures', verb);
  if (!existsSync(orders)) return;
  const [code, ...later] = readFileSync(orders, 'utf8').split('\n').filter(Boolean);
  if (later.length === 0) rmSync(orders);
  else writeFileSync(orders, later.join('\n'));
  fail(`${verb} failed`, Number(code));
}

function fail(what, code) {
  process.stderr.write(`${what}: ${code}: ${meanings[code] ?? 'unknown error'}\n`);
  process.exit(code);
}
