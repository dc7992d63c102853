import { AvailableModel, ListedModel, ModelList, PullEvent, Residency } from "./api";
import { DaemonError } from "./daemon-error";
import { readJsonLines } from "./read-json-lines";
import { connectionError, requestDaemon } from "./request-daemon";
import { askJson, requestJson, requestText } from "./request-json";

export type ResidentModel = Residency["models"][number];

export interface Models {
  here: ListedModel[];
  /** Those worth having that are on this Mac or not. */
  worthHaving: AvailableModel[];
  recommended: NonNullable<ModelList["recommended"]>;
  inMemory: ResidentModel[];
}

/** The models on this Mac, those worth having, and those in memory. @throws DaemonError */
export async function readModels(): Promise<Models> {
  const [list, residency] = await Promise.all([
    askJson<ModelList>({ path: "/v1/models?available=true" }),
    askJson<Residency>({ path: "/v1/ps" }),
  ]);
  const { models: here, available: worthHaving = [], recommended = [] } = list;
  return { here, worthHaving, recommended, inMemory: residency.models };
}

/**
 * Downloads a model; another download of it goes on where this one was cancelled.
 * @throws DaemonError what the download fails with, `CANCELLED`, `DAEMON_UNREACHABLE`
 */
export async function pullModel(request: {
  repository: string;
  signal: AbortSignal;
  onProgress: (receivedBytes: number, totalBytes: number) => void;
}): Promise<void> {
  const { repository, signal, onProgress } = request;
  const response = await requestDaemon({ ...post("/v1/models/pull", { repository }), signal });
  try {
    for await (const event of readJsonLines<PullEvent>(response)) {
      if (event.type === "pull-progress") onProgress(event.receivedBytes, event.totalBytes);
      if (event.type === "pull-done") return;
      if (event.type === "pull-failed") {
        const { code, message, hint } = event.error;
        throw new DaemonError(code, message, { hint });
      }
    }
  } catch (error) {
    throw connectionError(error, signal);
  }
  throw connectionError(new Error("The connection ended before the download did."), signal);
}

/** @throws DaemonError what loading fails with */
export async function loadModel(name: string): Promise<void> {
  await requestJson(post("/v1/models/load", { model: name }));
}

/** @throws DaemonError `ENGINE_BUSY` while jobs use it */
export async function unloadModel(name: string): Promise<void> {
  await requestJson(post("/v1/models/unload", { model: name }));
}

/** Deletes a model from the disk, and from memory before. @throws DaemonError `ENGINE_BUSY`, `MODEL_BUSY` */
export async function removeModel(name: string): Promise<void> {
  await unloadModel(name);
  await requestText({ method: "DELETE", path: `/v1/models/${encodeURIComponent(name)}` });
}

function post(path: string, body: object) {
  return {
    method: "POST" as const,
    path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}
