import { randomUUID } from 'node:crypto';
import { type McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { HearthError } from '../../../errors/hearth-error.ts';

const sessionHeader = 'mcp-session-id';
/** A client that goes away without a word leaves its session, so an old one makes room for a new one. */
const mostSessions = 64;
/** The network has at most this part of them. */
const partOfNetwork = 1 / 2;

/** Sessions of clients of protocol versions before 2026-07-28, which cancel a call with a second request. */
export interface McpSessions {
  /** @throws `QUEUE_FULL` if all sessions, or all that the network may have, have calls that run */
  handle(request: Request, call: SessionCall): Promise<Response>;
  close(): Promise<void>;
}

export interface SessionCall {
  readonly body: unknown;
  /** Aborted when the client's connection has ended: then nobody reads the answer, begun or not. */
  readonly gone: AbortSignal;
  readonly isFromNetwork: boolean;
  /** Makes the server of a new session. */
  readonly createServer: () => McpServer;
}

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: McpServer;
  readonly isFromNetwork: boolean;
  running: number;
}

export function createMcpSessions(limit = mostSessions): McpSessions {
  /** In the order of their last use. */
  const sessions = new Map<string, Session>();

  async function open({ createServer, isFromNetwork }: SessionCall): Promise<Session> {
    const mostOfNetwork = Math.ceil(limit * partOfNetwork);
    if (isFromNetwork) await makeRoom('The network’s', mostOfNetwork, (session) => session.isFromNetwork);
    await makeRoom('All', limit, () => true);
    const server = createServer();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, session),
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const session: Session = { transport, server, isFromNetwork, running: 0 };
    await server.connect(transport);
    return session;
  }

  async function makeRoom(whose: string, most: number, isOne: (session: Session) => boolean): Promise<void> {
    const among = [...sessions].filter(([, session]) => isOne(session));
    if (among.length < most) return;
    const idle = among.find(([, { running }]) => running === 0);
    if (idle === undefined) throw new HearthError('QUEUE_FULL', `${whose} ${most} MCP sessions have calls that run.`);
    sessions.delete(idle[0]);
    await idle[1].server.close();
  }

  function find(id: string): Session | undefined {
    const session = sessions.get(id);
    if (session === undefined) return undefined;
    sessions.delete(id);
    sessions.set(id, session);
    return session;
  }

  return {
    async handle(request, call) {
      const { body, gone } = call;
      const id = request.headers.get(sessionHeader);
      const known = id === null ? undefined : find(id);
      // The protocol tells the client with 404 to begin a new session.
      if (id !== null && known === undefined) return sessionGone();
      const session = known ?? (await open(call));
      session.running++;
      let isRunning = true;
      const end = () => {
        if (isRunning) session.running--;
        isRunning = false;
      };
      gone.addEventListener('abort', end, { once: true });
      try {
        const response = await session.transport.handleRequest(request, { parsedBody: body });
        if (session.transport.sessionId === undefined) await session.server.close();
        return whenSent(response, end);
      } catch (error) {
        end();
        throw error;
      }
    },
    async close() {
      await Promise.all([...sessions.values()].map(({ server }) => server.close()));
      sessions.clear();
    },
  };
}

function sessionGone(): Response {
  const error = { code: -32001, message: 'Session not found' };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status: 404 });
}

/** The response, and a call when its body has ended or broken off, or nobody reads it any more. */
function whenSent(response: Response, callBack: () => void): Response {
  const { body, status, headers } = response;
  if (body === null) {
    callBack();
    return response;
  }
  const reader = body.getReader();
  const watched = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        callBack();
        throw error;
      });
      if (!done) return controller.enqueue(value);
      callBack();
      controller.close();
    },
    async cancel(reason) {
      callBack();
      await reader.cancel(reason);
    },
  });
  return new Response(watched, { status, headers });
}
