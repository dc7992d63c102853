import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Peer } from '../contender.ts';

const pollMs = 50;

export interface WhisperCppRequest {
  readonly threads: number;
  /** Its `whisper-server`, built for this machine. */
  readonly server: string;
  /** A ggml file. */
  readonly model: string;
}

/** whisper.cpp's own server, warm, with a greedy search. It does not report its stages. */
export async function whisperCpp({ threads, server, model }: WhisperCppRequest): Promise<Peer> {
  const port = await freePort();
  const child = spawn(
    server,
    [
      ...['--model', model, '--port', String(port), '--threads', String(threads), '--language', 'auto'],
      ...['--beam-size', '1', '--best-of', '1'],
    ],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  const exited = once(child, 'exit');
  await waitForPort(port, child);
  const contender = {
    name: 'whisper.cpp server',
    weights: basename(model),
    processIds: () => [child.pid as number],
    async transcribe(path: string): Promise<Answer> {
      const body = new FormData();
      body.set('file', await openAsBlob(path), basename(path));
      body.set('response_format', 'json');
      const response = await fetch(`http://127.0.0.1:${port}/inference`, { method: 'POST', body });
      const { text, error } = (await response.json()) as { text?: string; error?: string };
      if (text === undefined) throw new Error(`Expected a text of whisper.cpp, got ${error}.`);
      return { text, encoderSeconds: null, windows: null, decoderSeconds: null, tokens: null };
    },
  };
  return {
    contenders: [contender],
    async close() {
      child.kill();
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function waitForPort(port: number, child: { readonly exitCode: number | null }): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`Expected whisper.cpp's server to run, got exit ${child.exitCode}.`);
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    if (answer !== null) return;
    await delay(pollMs);
  }
}
