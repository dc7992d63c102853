import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * Stands between the extension and a daemon, and refuses to read files as macOS makes a daemon refuse that has no
 * permission for a folder. Everything else goes through.
 */
export async function refusePaths(socketPath: string, daemonSocketPath: string): Promise<{ close(): void }> {
  const server = createServer((incoming, answer) => {
    const { method, url, headers } = incoming;
    if (method === 'POST' && headers['content-type'] === 'application/json') {
      const error = { code: 'FILE_NOT_PERMITTED', message: 'Expected to read it, got EPERM.', hint: 'Send the bytes.' };
      answer.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
      return;
    }
    const passed = request({ socketPath: daemonSocketPath, method, path: url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 0, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await once(server.listen(socketPath), 'listening');
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
