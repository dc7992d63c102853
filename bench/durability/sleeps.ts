import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { readResidency } from '../../daemon/src/client/health.ts';
import { listJobs } from '../../daemon/src/client/jobs.ts';
import { type RunningDaemon, startDaemon } from '../../test/e2e/support/start-daemon.ts';
import { pathOf } from '../../test/engine/fork-engine.ts';

/**
 * `node bench/durability/sleeps.ts [seconds]`: client, server, engine and converter are stopped (SIGSTOP) for so long in the
 * middle of a recording, each alone and all together, and go on. Each time the text must be the one without a stop. Needs
 * ffmpeg.
 */
const [seconds = 60] = process.argv.slice(2).map(Number);
const converted = pathOf('test/fixtures/audio/jfk_441khz.m4a');
const long = pathOf('test/fixtures/audio/librispeech-1688-joined.flac');
const cli = pathOf('daemon/dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'hearth-slow-'));
const slowConverter = join(folder, 'ffmpeg');
writeFileSync(slowConverter, '#!/bin/sh\nsleep 5\nexec ffmpeg "$@"\n');
chmodSync(slowConverter, 0o755);

let failed = 0;
const texts = { [long]: await plainText(long), [converted]: await plainText(converted) };
for (const subjects of [['client'], ['server'], ['engine'], ['client', 'server', 'engine']]) {
  await sleep(long, subjects);
}
for (const subjects of [['converter'], ['client', 'server', 'engine', 'converter']]) await sleep(converted, subjects);
rmSync(folder, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;

async function plainText(recording: string): Promise<string> {
  const undisturbed = await startDaemon();
  const { output } = await finish(transcribe(undisturbed, recording));
  await undisturbed.stop();
  return output;
}

async function sleep(recording: string, subjects: readonly string[]): Promise<void> {
  const isConverted = recording === converted;
  const environment = isConverted ? { HEARTH_FFMPEG: slowConverter } : {};
  const slept = await startDaemon({ environment });
  const client = transcribe(slept, recording);
  const finished = finish(client);
  await untilInTheMiddle(slept, isConverted);
  const { engine } = await readResidency(slept);
  const processIds: Readonly<Record<string, readonly number[]>> = {
    client: [client.pid as number],
    server: [slept.child.pid as number],
    engine: [engine.processId as number],
    converter: convertersOf(engine.processId as number),
  };
  const stopped = subjects.flatMap((subject) => processIds[subject] ?? []);
  for (const processId of stopped) process.kill(processId, 'SIGSTOP');
  await delay(seconds * 1000);
  for (const processId of stopped) goOn(processId);
  const { output, problem, code } = await finished;
  const isRight = code === 0 && output === texts[recording];
  const { engine: after } = await readResidency(slept);
  const restarts = after.processId === engine.processId ? 0 : 1;
  console.log({ stopped: subjects.join(', '), processes: stopped.length, seconds, isRight, restarts, code, problem });
  if (!isRight) failed += 1;
  await slept.stop();
}

/** An engine that was stopped alone has been killed meanwhile, and another one has its work. */
function goOn(processId: number): void {
  try {
    process.kill(processId, 'SIGCONT');
  } catch {}
}

function transcribe({ home }: RunningDaemon, recording: string): ChildProcess {
  const values = [cli, 'transcribe', '--language', 'en', recording];
  return spawn(process.execPath, values, {
    env: { ...process.env, HEARTH_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function finish(child: ChildProcess) {
  const [output, problem, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'close'),
  ]);
  return { output, problem, code: code as number | null };
}

async function untilInTheMiddle(slept: RunningDaemon, isConverted: boolean): Promise<void> {
  for (;;) {
    const { engine } = await readResidency(slept);
    const [job] = await listJobs(slept);
    const isConverting = engine.processId !== null && convertersOf(engine.processId).length > 0;
    if (isConverted ? isConverting : (job?.processedSeconds ?? 0) > 0) return;
    await delay(20);
  }
}

/** The engine's process group is it and its converters. */
function convertersOf(engine: number): readonly number[] {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,pgid='], { encoding: 'utf8' }).trim().split('\n');
  const numbers = processes.map((line) => line.trim().split(/\s+/).map(Number));
  return numbers.flatMap(([id = 0, group]) => (group === engine && id !== engine ? [id] : []));
}
