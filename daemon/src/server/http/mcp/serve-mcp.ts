import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { createMcpServer } from '../../../mcp/create-mcp-server.ts';
import { daemonAccess, type McpClient, type McpServices } from './daemon-access.ts';
import { createMcpSessions, type SessionCall } from './mcp-sessions.ts';

/** The MCP server over HTTP. */
export interface McpOverHttp {
  handle(request: Request, call: McpClient & Pick<SessionCall, 'body' | 'gone'>): Promise<Response>;
  close(): Promise<void>;
}

/** Answers every version of the protocol: since 2026-07-28 each request is on its own, before it belonged to a session. */
export function serveMcp(services: McpServices): McpOverHttp {
  const sessions = createMcpSessions();
  const modern = createMcpHandler(
    ({ authInfo }) => createMcpServer(daemonAccess(services, clientIn(authInfo?.extra))),
    { legacy: 'reject' },
  );
  return {
    async handle(request, { body, gone, client, isFromNetwork }) {
      const from: McpClient = { client, isFromNetwork };
      if (await isLegacyRequest(request, body)) {
        return sessions.handle(request, {
          body,
          gone,
          isFromNetwork,
          createServer: () => createMcpServer(daemonAccess(services, from)),
        });
      }
      const authInfo = { token: '', clientId: client, scopes: [], extra: { ...from } };
      return modern.fetch(request, { parsedBody: body, authInfo });
    },
    async close() {
      await Promise.all([sessions.close(), modern.close()]);
    },
  };
}

function clientIn(extra: Readonly<Record<string, unknown>> = {}): McpClient {
  return { client: String(extra['client'] ?? ''), isFromNetwork: extra['isFromNetwork'] !== false };
}
