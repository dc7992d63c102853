import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { createServer } from '../daemon/src/server/http/create-server.ts';
import { createMetrics } from '../daemon/src/server/http/metrics.ts';
import { rootFolder } from '../setup/folders.mjs';

/** Writes docs/openapi.json: what a daemon answers at `/openapi.json`. A test holds the two together. */
const { version } = JSON.parse(readFileSync(join(rootFolder, 'daemon', 'package.json'), 'utf8'));
const server = await createServer({ metrics: createMetrics(), version, log: pino({ level: 'silent' }) });
writeFileSync(join(rootFolder, 'docs', 'openapi.json'), `${JSON.stringify(server.swagger(), null, 1)}\n`);
await server.close();
