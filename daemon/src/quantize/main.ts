import { inspect } from 'node:util';
import { createNative } from '@hearth/native';
import type { QuantizeCommand, QuantizeEvent } from '../protocol/quantize-messages.ts';
import { isUnexpected, toWireError } from '../protocol/wire-error.ts';
import { quantizeFolder } from './quantize-folder.ts';

/** The process that quantises a model: the command line forks it, so that the daemon and its engine go on undisturbed. */
process.title = 'hearth-quantize';
process.once('message', (command: QuantizeCommand) => void run(command));
const controller = new AbortController();
process.on('disconnect', () => controller.abort());
process.on('SIGTERM', () => controller.abort());
// Ctrl-C in a terminal reaches this process too; the command line says what to do about it.
process.on('SIGINT', () => controller.abort());

async function run(command: QuantizeCommand): Promise<void> {
  try {
    const native = createNative({ threads: command.threads });
    const byteCount = await quantizeFolder({ native, command, signal: controller.signal, onProgress: send });
    send({ type: 'quantize-done', byteCount });
  } catch (thrown) {
    // Whatever a cancelled run fails with, it ends as it should.
    if (isUnexpected(thrown) && !controller.signal.aborted) process.stderr.write(`${inspect(thrown)}\n`);
    send({ type: 'quantize-failed', error: toWireError(thrown) });
  }
  if (process.connected) process.disconnect();
}

function send(event: QuantizeEvent): void {
  // A command line that is gone is told by `disconnect`.
  if (process.connected) process.send?.(event, () => undefined);
}
