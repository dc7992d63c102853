import { text } from "node:stream/consumers";
import { connectionError, DaemonRequest, requestDaemon } from "./request-daemon";

/** One request whose answer is a JSON document. @throws DaemonError */
export async function requestJson<Answer>(request: DaemonRequest): Promise<Answer> {
  return JSON.parse(await requestText(request)) as Answer;
}

/** One request whose answer is text. @throws DaemonError */
export async function requestText(request: DaemonRequest): Promise<string> {
  const response = await requestDaemon(request);
  try {
    return await text(response);
  } catch (error) {
    throw connectionError(error, request.signal);
  }
}
