import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import type { Transcript } from '../../daemon/src/protocol/transcript.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { startDaemon } from './support/start-daemon.ts';

const embedded = pathOf('assets/models/whisper-base-4bit');

test('a daemon with a draft model says what it guessed, and one whose draft model is of another kind says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-draft-'));
  // The embedded model with a layer less: it is often right.
  const draft = await withConfig(join(folder, 'fewer-layers'), { n_text_layer: 5 });
  const daemon = await startDaemon({ environment: { HEARTH_DRAFT_MODEL: draft } });
  const recording = createReadStream(pathOf('assets/samples/jfk.flac'));
  const answer = await daemon.ask({ path: '/v1/transcriptions', body: recording });
  const { text, timings } = answer.json<Transcript>();
  expect(text).toContain('ask not what your country can do for you');
  expect(timings.draft_tokens).toBeGreaterThan(timings.accepted_draft_tokens);
  expect(timings.decoder_steps + timings.accepted_draft_tokens).toBe(timings.tokens + 1);
  expect((await readResidency(daemon)).models).toMatchObject([
    { name: 'whisper-base-4bit', draft: { name: 'fewer-layers', folder: draft, weightBytes: expect.any(Number) } },
  ]);
  expect((await readHealth(daemon)).warnings).toEqual([]);

  const other = await withConfig(join(folder, 'other-tokens'), { n_text_layer: 5, n_vocab: 51866 });
  await writeFile(join(daemon.home, 'settings.json'), JSON.stringify({ draftModel: other }));
  daemon.child.kill('SIGTERM');
  expect(await daemon.exited).toBe(0);
  const next = await startDaemon({ home: daemon.home });
  const refused = await next.ask({
    path: '/v1/transcriptions',
    body: createReadStream(pathOf('assets/samples/jfk.flac')),
  });
  expect(refused.json()).toMatchObject({ error: { code: 'DRAFT_MODEL_MISMATCH' } });
  expect(await next.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

test('of settings whose draft model is missing nothing is used, the model neither', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-draft-'));
  const other = await withConfig(join(folder, 'other'), {});
  const daemon = await startDaemon();
  await writeFile(join(daemon.home, 'settings.json'), JSON.stringify({ model: other, draftModel: 'missing' }));
  for (;;) {
    const { warnings } = await readHealth(daemon);
    if (warnings.some((warning) => warning.startsWith('The changed settings are not in use:'))) break;
  }
  const body = createReadStream(pathOf('assets/samples/jfk.flac'));
  const answer = await daemon.ask({ path: '/v1/transcriptions', body });
  expect(answer.json<Transcript>().model).toBe('whisper-base-4bit');
  expect(await daemon.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

/** The embedded model's weights under another description. */
async function withConfig(path: string, changes: Readonly<Record<string, number>>): Promise<string> {
  await mkdir(path);
  const config = JSON.parse(await readFile(join(embedded, 'config.json'), 'utf8')) as object;
  await writeFile(join(path, 'config.json'), JSON.stringify({ ...config, ...changes }));
  await symlink(join(embedded, 'model.safetensors'), join(path, 'model.safetensors'));
  return path;
}
