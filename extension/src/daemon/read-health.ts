import { Health } from "./api";
import { askJson } from "./request-json";

/** @throws DaemonError */
export function readHealth(): Promise<Health> {
  return askJson<Health>({ path: "/v1/health" });
}
