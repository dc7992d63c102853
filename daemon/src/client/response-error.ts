import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { text } from 'node:stream/consumers';
import { errorCodes } from '../errors/error-codes.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { fromWireError, type WireError } from '../errors/wire-error.ts';

/** The error that a response with a failing status carries; what is still being sent is given up. */
export async function responseError(response: IncomingMessage): Promise<HearthError> {
  const body = await text(response);
  response.destroy();
  const error = parseWireError(body);
  if (error) return fromWireError(error);
  const status = response.statusCode ?? 0;
  return new HearthError('INTERNAL', `Expected an answer, got HTTP ${status} ${STATUS_CODES[status] ?? ''}: ${body}`);
}

function parseWireError(body: string): WireError | null {
  try {
    const { error } = JSON.parse(body) as { error?: WireError };
    return error && error.code in errorCodes ? error : null;
  } catch {
    return null;
  }
}
