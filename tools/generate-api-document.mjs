import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { createServer } from '../daemon/src/server/http/create-server.ts';
import { createMetrics } from '../daemon/src/server/http/metrics.ts';
import { rootFolder } from '../setup/folders.mjs';

/** Writes docs/openapi.json: the answer of a daemon at `/openapi.json`. A test checks that they agree. */
const { version } = JSON.parse(readFileSync(join(rootFolder, 'daemon', 'package.json'), 'utf8'));
const server = await createServer({ metrics: createMetrics(), version, log: pino({ level: 'silent' }) });
writeFileSync(join(rootFolder, 'docs', 'openapi.json'), `${JSON.stringify(server.swagger(), null, 1)}\n`);
await server.close();
