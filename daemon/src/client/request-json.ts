import { json } from 'node:stream/consumers';
import { requestOverSocket, type SocketRequest } from './request-over-socket.ts';
import { responseError } from './response-error.ts';

/** Sends a request without a body and answers with the JSON it gets. @throws `DAEMON_UNREACHABLE`, the daemon's own error */
export async function requestJson<Answer>(request: SocketRequest): Promise<Answer> {
  const response = await requestOverSocket(request);
  if ((response.statusCode ?? 0) >= 400) throw await responseError(response);
  return (await json(response)) as Answer;
}
