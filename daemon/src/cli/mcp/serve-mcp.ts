import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpServer } from '../../mcp/create-mcp-server.ts';
import { boundLines } from './bound-lines.ts';
import { clientAccess } from './client-access.ts';

/** Larger than any message for Hearth: recordings are named by their paths. */
const mostMessageBytes = 4 * 1024 * 1024;
/** Of JSON-RPC, for a message that is none. */
const invalidRequest = -32600;

/** Serves one assistant on standard input and output. A message that is too long is answered, and the next one taken. */
export function serveMcp(): void {
  const lines = boundLines(mostMessageBytes, () => {
    const message = `Expected messages of at most ${mostMessageBytes} bytes, got a longer one.`;
    // What the message calls itself is somewhere in it.
    const answer = { jsonrpc: '2.0', id: null, error: { code: invalidRequest, message } };
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  });
  const access = clientAccess();
  serveStdio(() => createMcpServer(access), {
    transport: new StdioServerTransport(process.stdin.pipe(lines), process.stdout, {
      maxBufferSize: 2 * mostMessageBytes,
    }),
  });
}
