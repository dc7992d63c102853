import { fork } from 'node:child_process';
import { createNative } from '@hearth/native';

/**
 * A process with a native thread in a system call that never returns: it opens a pipe that nobody writes to.
 * Usage: node blocked.mjs exit|parent|orphan PIPE
 */
const [role, pipe] = process.argv.slice(2);
const graceMs = 100;

if (role === 'parent') {
  fork(process.argv[1], ['orphan', pipe], { detached: true, stdio: 'inherit' });
} else {
  const native = createNative();
  if (role === 'orphan') native.endWithParent(graceMs);
  void native.loadVoiceActivity({ path: pipe });
  while (!native.workProgress().isWorking) await new Promise((resolve) => setImmediate(resolve));
  process.stdout.write('blocked\n');
  if (role === 'orphan') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  native.endWithin(graceMs);
  process.exit(0);
}
