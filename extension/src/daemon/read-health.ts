import { Health } from "./api";
import { requestJson } from "./request-json";

/** @throws DaemonError */
export function readHealth(): Promise<Health> {
  return requestJson<Health>({ path: "/v1/health" });
}
