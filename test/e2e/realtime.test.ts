import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RawFormat, wavHeader } from '../../daemon/src/server/http/live/wav-header.ts';
import { clientsFolder, installNpmClients, installPythonClients } from '../clients/install-clients.mjs';
import { pathOf } from '../engine/fork-engine.ts';
import { freePort } from './support/free-port.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const token = 'a-token-of-more-than-thirty-two-characters';
const run = promisify(execFile);
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
const installingMs = 900_000;

let folder: string;
let daemon: RunningDaemon;
let address: string;

interface RealtimeEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

beforeAll(async () => {
  await installNpmClients();
  folder = await mkdtemp(join(tmpdir(), 'hearth-realtime-'));
  const listen = `127.0.0.1:${await freePort()}`;
  address = `http://${listen}`;
  daemon = await startDaemon({ environment: { HEARTH_LISTEN: listen, HEARTH_TOKEN: token } });
}, installingMs);

afterAll(async () => {
  expect(await daemon.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

/** 16 kHz samples at another rate, by straight lines between them. */
function atRate(rate: number): Int16Array {
  const wav = readFileSync(pathOf('test/fixtures/audio/speechbrain_spk1_snt1.wav'));
  const samples = new Int16Array(new Uint8Array(wav.subarray(44)).buffer);
  return Int16Array.from({ length: Math.floor((samples.length * rate) / 16_000) }, (_, i) => {
    const place = (i * 16_000) / rate;
    const before = samples[Math.floor(place)] ?? 0;
    return Math.round(before + ((samples[Math.floor(place) + 1] ?? before) - before) * (place % 1));
  });
}

/** G.711, µ-law. */
function toMulaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.abs(sample)) + 132;
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7);
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

async function soundOf(format: RawFormat): Promise<{ readonly path: string; readonly text: string }> {
  const samples = atRate(format.rate);
  const bytes = format.encoding === 'mulaw' ? Buffer.from(Array.from(samples, toMulaw)) : Buffer.from(samples.buffer);
  const path = join(folder, `${format.encoding}.raw`);
  await writeFile(path, bytes);
  const file = Buffer.concat([wavHeader(format), bytes]);
  const answer = await daemon.ask({ path: '/v1/transcriptions?language=en', body: file });
  return { path, text: answer.json<{ text: string }>().text.trim() };
}

function textOf(events: readonly RealtimeEvent[], type: string, field: string): string {
  const full = `conversation.item.input_audio_transcription.${type}`;
  return events.flatMap((event) => (event.type === full ? [event[field]] : [])).join('');
}

test('npm `openai` transcribes by voice activity over TCP, and by its own commits over the socket', async () => {
  const { path, text } = await soundOf({ encoding: 's16', rate: 24_000, channels: 1 });
  const { socketPath } = daemon;
  const given = { address, socketPath, token, sound: path, silence: 2 * 24_000 * 2 };
  const script = join(clientsFolder, 'openai-realtime.mjs');
  const { stdout } = await run(process.execPath, [script, JSON.stringify(given)], { cwd: clientsFolder });
  const { byVoice, byVoiceWithClear, byCommit } = JSON.parse(stdout) as Record<
    'byVoice' | 'byVoiceWithClear' | 'byCommit',
    RealtimeEvent[]
  >;

  expect(byVoice.map(({ type }) => type)).toEqual([
    'session.created',
    'session.updated',
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'conversation.item.input_audio_transcription.delta',
    'conversation.item.input_audio_transcription.completed',
  ]);
  const ids = new Set(byVoice.flatMap((event) => ('item_id' in event ? [event['item_id']] : [])));
  expect(ids.size).toBe(1);
  expect(textOf(byVoice, 'completed', 'transcript')).toBe(textOf(byVoice, 'delta', 'delta'));
  expect(textOf(byVoice, 'completed', 'transcript').toLowerCase()).toContain('dog');

  const itemsOf = (type: string) =>
    byVoiceWithClear.flatMap((event) => (event.type.endsWith(type) ? [event['item_id']] : []));
  expect(itemsOf('input_audio_buffer.committed')).toEqual(itemsOf('input_audio_transcription.completed'));
  expect(new Set(itemsOf('input_audio_buffer.committed')).size).toBe(2);
  expect(textOf(byVoiceWithClear, 'completed', 'transcript').toLowerCase()).toMatch(/dog.*dog/s);

  expect(textOf(byCommit, 'completed', 'transcript')).toBe(text);
  const errors = byCommit.flatMap((event) => (event.type === 'error' ? [event['error']] : []));
  expect(errors).toMatchObject([
    { type: 'invalid_request_error', code: 'input_audio_buffer_commit_empty' },
    { type: 'invalid_request_error', code: 'REQUEST_INVALID', param: 'type', event_id: 'wrong' },
  ]);
  const { json } = await daemon.ask({ path: '/v1/history' });
  expect(JSON.stringify(json())).toContain(text.slice(0, 20));
});

test(`PyPI's openai transcribes G.711 as the beta did${hasPython ? '' : ' (no Python 3.11 here)'}`, async () => {
  if (!hasPython) return;
  const pythonPath = await installPythonClients();
  const { path, text } = await soundOf({ encoding: 'mulaw', rate: 8_000, channels: 1 });
  const given = { address, token, sound: path, format: 'g711_ulaw' };
  const script = pathOf('test/clients/openai_realtime.py');
  const environment = { ...process.env, PYTHONPATH: pythonPath };
  const { stdout } = await run('python3', [script, JSON.stringify(given)], { env: environment });
  const events = JSON.parse(stdout) as RealtimeEvent[];
  expect(textOf(events, 'completed', 'transcript')).toBe(text);
  expect(events.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'transcription_session.created',
      'transcription_session.updated',
      'conversation.item.created',
    ]),
  );
});

test.each([
  [{ origin: 'https://example.org', authorization: `Bearer ${token}` }, 403],
  [{}, 401],
])(
  'a WebSocket is refused as any other request is: %j',
  async (headers, status) => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    const asked = request(`${address}/v1/realtime`, { headers: { ...upgrade, ...key, ...headers } });
    const answered = new Promise<number | undefined>((resolve, reject) => {
      asked.on('response', (response) => resolve(response.statusCode));
      asked.on('upgrade', () => resolve(101));
      asked.on('error', reject);
    });
    asked.end();
    expect(await answered).toBe(status);
  },
  installingMs,
);
