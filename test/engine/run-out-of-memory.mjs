// Encodes windows and keeps them until the system gives no more memory, then lets go of them and goes on.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createNative } from '../../native/index.ts';

const headroomBytes = 150 * 2 ** 20;
const native = createNative({ threads: 2 });
const folder = fileURLToPath(new URL('../../assets/models/whisper-base-4bit', import.meta.url));
const model = await native.loadModel({ folder });
const session = model.session({ priority: 'interactive', voiceActivity: null });
const audio = await native.openAudio({ path: process.argv[2] });

limitMemory(dataBytes() + headroomBytes);
const kept = [];
const failure = await fill().catch((error) => error);
for (const encoding of kept.splice(0)) encoding.close();
await native.clearCache();
const again = await encode();
console.log(
  JSON.stringify({ code: failure.code, message: failure.message, windowsAfterwards: again === undefined ? 0 : 1 }),
);
process.exit(0);

async function fill() {
  for (;;) kept.push(await encode());
}

function encode() {
  return session.encode({ audio, startFrame: 0, frameCount: 3000 });
}

function dataBytes() {
  const [, kilobytes] = /^VmData:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kilobytes) * 1024;
}

function limitMemory(bytes) {
  const { status } = spawnSync('prlimit', ['--pid', String(process.pid), `--data=${bytes}`], { stdio: 'inherit' });
  if (status !== 0) throw new Error('prlimit failed');
}
