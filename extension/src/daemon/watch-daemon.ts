import { request } from "node:http";
import { socketPath } from "./socket-path";

const lookEveryMs = 15_000;

/**
 * Calls back once when the daemon stops answering while we wait for it: a stopped process keeps its socket, so nothing
 * fails. It is asked how it is every 15 s, and has `patienceMs` to answer; without patience, 15 s are all it has.
 * Returns what ends the watch.
 */
export function watchDaemon({ patienceMs, onSilent }: { patienceMs: number; onSilent: () => void }): () => void {
  let isOver = false;
  let timer = setTimeout(look, lookEveryMs);

  async function look(): Promise<void> {
    const isAnswering = patienceMs > 0 && (await answersWithin(patienceMs));
    if (isOver) return;
    if (!isAnswering) onSilent();
    else timer = setTimeout(look, lookEveryMs);
  }

  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** Also a refusal is an answer, and a connection that ends: the work fails by itself then. */
function answersWithin(patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { host: "localhost", "hearth-client": "raycast" };
    const sent = request({ socketPath: socketPath(), path: "/v1/health", headers, agent: false }, (response) => {
      response.resume();
      settle(true);
    });
    const timer = setTimeout(() => settle(false), patienceMs);
    const settle = (isAnswering: boolean) => {
      clearTimeout(timer);
      if (!isAnswering) sent.destroy();
      resolve(isAnswering);
    };
    sent.on("error", () => settle(true));
    sent.end();
  });
}
