import { requestJson } from "./request-json";

export interface Health {
  status: "ok" | "starting" | "degraded" | "stopping";
  version: string;
  engine: {
    status: "starting" | "loading" | "ready" | "restarting" | "failed" | "unloaded" | "stopped";
    loadingProgress: number | null;
    model: string | null;
    lastError: { message: string; hint: string } | null;
  };
  jobs: { queued: number; running: number };
}

/** @throws DaemonError */
export function readHealth(): Promise<Health> {
  return requestJson<Health>({ path: "/v1/health" });
}
