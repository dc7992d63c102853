// Stands in for the daemon's executable: listens on the socket of the home folder that it is started in.
import { createServer } from 'node:http';

const health = { status: 'ok', processId: process.pid, jobs: { queued: 0, running: 0 } };
const server = createServer((_request, response) => response.end(JSON.stringify(health)));
server.listen('hearth.sock');
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});
