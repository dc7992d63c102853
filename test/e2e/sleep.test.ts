import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { readResidency } from '../../daemon/src/client/health.ts';
import { jfk } from '../engine/fork-engine.ts';
import { startDaemon } from './support/start-daemon.ts';

test('an upload and its job go on after all processes were stopped for longer than the limit of an upload', async () => {
  const daemon = await startDaemon({ environment: { HEARTH_UPLOAD_IDLE_SECONDS: '3' } });
  const { engine } = await readResidency(daemon);
  const recording = readFileSync(jfk);
  const half = recording.length >> 1;
  const socket = connect(daemon.socketPath);
  const answer = text(socket);
  const head = `POST /v1/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${recording.length}\r\nConnection: close\r\n\r\n`;
  socket.write(head);
  socket.write(recording.subarray(0, half));
  while ((await daemon.spooled()).length === 0) await delay(10);
  const processIds = [daemon.child.pid ?? 0, engine.processId ?? 0];
  for (const processId of processIds) process.kill(processId, 'SIGSTOP');
  // The one thing that cannot be waited for in another way: time in which they do not run.
  await delay(4000);
  for (const processId of processIds) process.kill(processId, 'SIGCONT');
  socket.write(recording.subarray(half));
  expect(await answer).toMatch(/^HTTP\/1\.1 200 .*ask not/s);
  expect(await daemon.stop()).toBe(0);
});
