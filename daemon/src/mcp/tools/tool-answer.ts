import type { CallToolResult } from '@modelcontextprotocol/server';
import { toWireError } from '../../protocol/wire-error.ts';

/** The answer of a tool; what it throws becomes an error that the assistant reads: message, hint and code. */
export async function toolAnswer(work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (thrown) {
    const { code, message, hint } = toWireError(thrown);
    return { isError: true, content: [{ type: 'text', text: `${[message, hint].join(' ').trim()} (${code})` }] };
  }
}

/** An answer that is data, as the protocol wants it: for programs, and as text for clients that read only text. */
export function dataAnswer(data: Record<string, unknown>): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(data) }], structuredContent: data };
}
