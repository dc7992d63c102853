import type { Socket } from 'node:net';
import { errorCodes } from '../../../errors/error-codes.ts';
import { errorBody } from '../error-answers.ts';
import { sendLastAnswer } from './last-answer.ts';

const reasons: Record<string, readonly [status: string, got: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'headers of more than 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'headers that did not arrive in time'],
};

/** Answers a request that is not HTTP, and closes the connection. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, got] = reasons[error.code ?? ''] ?? ['400 Bad Request', 'bytes that are none'];
  const { hint } = errorCodes.REQUEST_INVALID;
  const message = `Expected an HTTP request, got ${got}.`;
  sendLastAnswer(socket, { status, body: errorBody({ code: 'REQUEST_INVALID', message, hint }) });
}
