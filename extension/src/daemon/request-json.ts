import { text } from "node:stream/consumers";
import { connectionError, DaemonRequest, requestDaemon } from "./request-daemon";

/** Asks the daemon something that it answers at once, and returns its JSON. @throws DaemonError */
export function askJson<Answer>(request: DaemonRequest): Promise<Answer> {
  return requestJson<Answer>({ ...request, isQuestion: true });
}

/** Sends one request and returns its JSON response. @throws DaemonError */
export async function requestJson<Answer>(request: DaemonRequest): Promise<Answer> {
  return JSON.parse(await requestText(request)) as Answer;
}

/** Sends one request and returns its text response. @throws DaemonError */
export async function requestText(request: DaemonRequest): Promise<string> {
  const response = await requestDaemon(request);
  try {
    return await text(response);
  } catch (error) {
    throw connectionError(error, request.signal);
  }
}
