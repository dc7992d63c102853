import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Answer, batchSize, type Contender, type Peer } from '../contender.ts';
import { type PeerName, setUpPeer } from '../set-up-peers.ts';

interface PythonPeer {
  readonly processId: number;
  ask(path: string, batchSize: number): Promise<Answer>;
  close(): Promise<void>;
}

/** faster-whisper with int8 arithmetic and a greedy search: window after window, and its batched pipeline. */
export async function fasterWhisper({ threads }: { readonly threads: number }): Promise<Peer> {
  const peer = await startPeer('faster-whisper', threads);
  const contender = (name: string, windows: number) =>
    contenderOf(peer, name, 'the same, requantised to int8', windows);
  return {
    contenders: [
      contender('faster-whisper int8', 1),
      { ...contender(`faster-whisper int8, batches of ${batchSize}`, batchSize), longOnly: true },
    ],
    close: peer.close,
  };
}

/** openai/whisper in float32. */
export async function openAiWhisper({ threads }: { readonly threads: number }): Promise<Peer> {
  const peer = await startPeer('openai-whisper', threads);
  return { contenders: [contenderOf(peer, 'openai-whisper', 'the same, as float32')], close: peer.close };
}

/** transcribe.cpp on ggml's CPU backend. */
export async function transcribeCpp({ threads }: { readonly threads: number }): Promise<Peer> {
  const peer = await startPeer('transcribe-cpp', threads);
  return { contenders: [contenderOf(peer, 'transcribe.cpp', 'the same, requantised to q8_0')], close: peer.close };
}

/** mlx_whisper on MLX's own CPU operations. MLX chooses its number of threads itself. */
export async function mlxWhisper({ threads }: { readonly threads: number }): Promise<Peer> {
  const peer = await startPeer('mlx-whisper', threads);
  const contender = contenderOf(peer, "mlx_whisper, MLX's CPU backend", 'the same file, float32 arithmetic');
  return { contenders: [{ ...contender, isVerySlow: true }], close: peer.close };
}

function contenderOf(peer: PythonPeer, name: string, weights: string, windowsTogether = 1): Contender {
  return {
    name,
    weights,
    processIds: () => [peer.processId],
    transcribe: (path) => peer.ask(path, windowsTogether),
  };
}

async function startPeer(name: PeerName, threads: number): Promise<PythonPeer> {
  const { python, model } = setUpPeer(name);
  const program = fileURLToPath(new URL(`../python/${name.replace('-', '_')}_peer.py`, import.meta.url));
  const child = spawn(python, [program, model, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads), HF_HUB_OFFLINE: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`Expected an answer of ${name}, but it has ended.`);
    return value;
  };
  await nextLine();
  return {
    processId: child.pid as number,
    async ask(path, windowsTogether) {
      child.stdin.write(`${JSON.stringify({ path, batchSize: windowsTogether })}\n`);
      return JSON.parse(await nextLine()) as Answer;
    },
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
