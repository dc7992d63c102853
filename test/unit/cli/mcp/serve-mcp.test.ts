import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { boundLines } from '../../../../daemon/src/cli/mcp/bound-lines.ts';
import { pathOf } from '../../../engine/fork-engine.ts';

test('a message that is too long is answered, and the next one too', async () => {
  const home = await mkdtemp(join(tmpdir(), 'hearth-mcp-'));
  const child = spawn(process.execPath, [pathOf('daemon/dist/cli/main.js'), 'mcp'], {
    ...{ env: { ...process.env, HEARTH_HOME: home, HOME: home }, stdio: ['pipe', 'pipe', 'inherit'] },
  });
  const answers: string[] = [];
  const ended = once(child, 'close');
  const { stdin, stdout } = child as { stdin: NodeJS.WritableStream; stdout: NodeJS.ReadableStream };
  stdin.write(`${'x'.repeat(11_000_000)}\n`);
  const clientInfo = { name: 'test', version: '1' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo };
  stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
  let told = '';
  for await (const bytes of stdout) {
    told += String(bytes);
    answers.splice(0, answers.length, ...told.split('\n').slice(0, -1));
    if (answers.length === 2) break;
  }
  stdin.end();
  await ended;
  expect(answers.map((answer) => JSON.parse(answer) as unknown)).toEqual([
    { jsonrpc: '2.0', id: null, error: { code: -32600, message: expect.stringContaining('at most 4194304 bytes') } },
    expect.objectContaining({ id: 1, result: expect.objectContaining({ protocolVersion: '2025-06-18' }) }),
  ]);
  await rm(home, { recursive: true });
});

test('lines come as they were, however they are cut, but for those that are too long', async () => {
  let tooLong = 0;
  const sent = `one\n${'2'.repeat(100)}\n\nthree\n${'4'.repeat(100)}`;
  for (const size of [1, 3, 50, 1000]) {
    const pieces = Array.from({ length: Math.ceil(sent.length / size) }, (_, i) =>
      sent.slice(i * size, (i + 1) * size),
    );
    const lines = boundLines(20, () => {
      tooLong += 1;
    });
    expect(await text(Readable.from(pieces.map((piece) => Buffer.from(piece))).pipe(lines))).toBe('one\n\nthree\n');
  }
  expect(tooLong).toBe(8);
});
