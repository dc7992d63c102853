import { IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { ErrorAnswer } from "./api";
import { cancelled, DaemonError } from "./daemon-error";
import { socketPath } from "./socket-path";
import { watchDaemon } from "./watch-daemon";

/** A daemon that was stopped for a minute, or whose Mac slept, goes on. */
const workPatienceMs = 120_000;

export interface DaemonRequest {
  method?: "GET" | "POST" | "DELETE";
  path: string;
  headers?: Record<string, string | number>;
  /** Streamed as fast as the daemon reads it, so that nothing piles up in memory. */
  body?: Readable | string;
  signal?: AbortSignal;
  /** Whether the daemon can answer at once, however long the work takes that it is asked about. */
  isQuestion?: boolean;
}

/**
 * Sends one request over the daemon's socket. The response body is still to be read.
 * @throws DaemonError the daemon's error, `DAEMON_UNREACHABLE`, `DAEMON_NOT_ANSWERING`, `CANCELLED`; what reading `body`
 * throws
 */
export async function requestDaemon({ body, headers, isQuestion, ...target }: DaemonRequest): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(
      {
        ...target,
        socketPath: socketPath(),
        // With `close`, an early refusal would close the connection at once, and we would only see a broken pipe.
        headers: { host: "localhost", "hearth-client": "raycast", connection: "keep-alive", ...headers },
        agent: false,
      },
      (answer) => {
        received = answer;
        resolve(answer);
      },
    );
    let received: IncomingMessage | null = null;
    const endWatch = watchDaemon({
      patienceMs: isQuestion ? 0 : workPatienceMs,
      onSilent: () => {
        received?.destroy(notAnswering());
        sent.destroy(notAnswering());
      },
    });
    sent.on("close", endWatch);
    sent.on("error", (error) => reject(connectionError(error, target.signal)));
    if (!(body instanceof Readable)) {
      sent.end(body);
      return;
    }
    body.on("error", (error) => {
      reject(error);
      sent.destroy();
    });
    sent.on("close", () => body.destroy());
    body.pipe(sent);
  });
  if ((response.statusCode ?? 0) >= 400) throw await answeredError(response);
  return response;
}

/** What a broken connection means: cancelled by us, or no daemon at the other end. */
export function connectionError(cause: unknown, signal?: AbortSignal): DaemonError {
  if (signal?.aborted) return cancelled(cause);
  if (cause instanceof DaemonError) return cause;
  return new DaemonError("DAEMON_UNREACHABLE", "Hearth is not running.", { hint: "Start it and try again.", cause });
}

function notAnswering(): DaemonError {
  const hint = "Wait for it, or run `hearth doctor` in Terminal.";
  return new DaemonError("DAEMON_NOT_ANSWERING", "Hearth runs, but does not answer.", { hint });
}

async function answeredError(response: IncomingMessage): Promise<DaemonError> {
  const body = await text(response).catch(() => "");
  response.destroy();
  try {
    const { error } = JSON.parse(body) as ErrorAnswer;
    return new DaemonError(error.code, error.message, { hint: error.hint });
  } catch {
    return new DaemonError("INTERNAL", `Expected an answer from Hearth, got HTTP ${response.statusCode}.`);
  }
}
