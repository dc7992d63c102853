import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { type HubFault, startStandInHub } from '../stand-ins/hub.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const embedded = pathOf('assets/models/whisper-base-4bit');
const recording = pathOf('assets/samples/jfk.flac');

async function transcribe(daemon: RunningDaemon): Promise<{ readonly model: string; readonly text: string }> {
  const answer = await daemon.ask({ path: '/v1/transcriptions', body: createReadStream(recording) });
  expect(answer.status).toBe(200);
  return answer.json();
}

async function warnings(daemon: RunningDaemon): Promise<string> {
  return (await readHealth(daemon)).warnings.join('\n');
}

test('a daemon transcribes while the model of its settings is pulled, and goes over to it', async () => {
  const names = await readdir(embedded);
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(embedded, name))] as const));
  const fault: HubFault = { stallAfterBytes: 30_000_000 };
  const hub = await startStandInHub(Object.fromEntries(files), fault);
  const environment = { HEARTH_MODEL: hub.repository, HEARTH_HUB_ENDPOINT: hub.endpoint };
  const daemon = await startDaemon({ environment });
  while (!(await warnings(daemon)).includes('30 of 42 MB')) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = await transcribe(daemon);
  expect(before.model).toBe('whisper-base-4bit');
  daemon.child.kill('SIGTERM');
  expect(await daemon.exited).toBe(0);

  delete fault.stallAfterBytes;
  const next = await startDaemon({ home: daemon.home, environment });
  const resident = async () => (await readResidency(next)).models.map(({ name }) => name);
  while (!(await resident()).includes('owner/tiny')) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(hub.asked.at(-1)).toMatch(/^model\.safetensors from 3\d{7}$/);
  expect(await transcribe(next)).toMatchObject({ model: 'owner/tiny', text: before.text });
  expect(await warnings(next)).toBe('');
  expect(await next.stop()).toBe(0);
  await hub.close();
});
