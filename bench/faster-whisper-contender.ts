import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Contender } from './contender.ts';
import { setUpFasterWhisper } from './set-up-faster-whisper.ts';

/** faster-whisper with int8 weights and a greedy search, in a Python process of its own. */
export async function fasterWhisper({ threads }: { readonly threads: number }): Promise<Contender> {
  const { python, modelFolder } = await setUpFasterWhisper();
  const program = fileURLToPath(new URL('faster-whisper.py', import.meta.url));
  const child = spawn(python, [program, modelFolder, String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name: 'faster-whisper int8',
    processIds: () => [child.pid as number],
    async transcribe(path) {
      child.stdin.write(`${path}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('Expected an answer of faster-whisper, but it has ended.');
      return (JSON.parse(value) as { text: string }).text;
    },
    async close() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
