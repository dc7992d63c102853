import { isAbsolute } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { HearthError } from '../../../errors/hearth-error.ts';
import { isFromNetwork } from './require-token.ts';

/** A model may be given by its folder, but over TCP a path would name files of this machine. @throws `REQUEST_REFUSED` */
export function refuseModelPath(request: FastifyRequest, model: string | undefined): void {
  if (model === undefined || !isAbsolute(model) || !isFromNetwork(request)) return;
  throw new HearthError('REQUEST_REFUSED', 'Expected the name of a model over TCP, got a path.', {
    hint: 'Use one of the names that GET /v1/models lists.',
  });
}
