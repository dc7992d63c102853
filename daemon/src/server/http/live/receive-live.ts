import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { toWireError } from '../../../protocol/wire-error.ts';
import type { Job } from '../../jobs/job.ts';
import type { LiveSender } from '../../jobs/live-input.ts';

/** How long a client may keep sending to a session that has ended. */
const drainMs = 5_000;

/**
 * Feeds a session with a request's body. A body that ends well ends the sound; one whose connection breaks leaves the
 * session open for the next. `skippedBytes` were received before.
 */
export async function receiveLive(
  request: FastifyRequest,
  { job, sender, skippedBytes }: { readonly job: Job; readonly sender: LiveSender; readonly skippedBytes: number },
): Promise<void> {
  const body = request.body as Readable | undefined;
  void job.ended.then(() => stopReading(request));
  let skip = skippedBytes;
  try {
    // To destroy a request is to destroy the connection that its answer takes.
    for await (const chunk of body?.iterator({ destroyOnReturn: false }) ?? []) {
      const bytes = (chunk as Buffer).subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - bytes.length;
      if (bytes.length > 0) await store(bytes, sender);
    }
  } catch {
    sender.detach();
    return;
  }
  await sender.end();
}

/** Sound that cannot be stored ends the session: what came before is transcribed. */
async function store(bytes: Uint8Array, sender: LiveSender): Promise<void> {
  try {
    await sender.append(bytes);
  } catch (error) {
    await sender.end(`The sound was cut off. ${toWireError(error).message}`);
  }
}

function stopReading({ raw }: FastifyRequest): void {
  if (raw.complete) return;
  setTimeout(() => {
    if (!raw.complete) raw.socket.destroy();
  }, drainMs).unref();
}
