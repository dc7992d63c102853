import type { HearthError } from '../errors/hearth-error.ts';
import { isRepository } from '../protocol/repository-name.ts';
import { embeddedModelName } from '../settings/default-model.ts';
import { type FindModelRequest, findModel } from './find-model.ts';
import type { ModelFolder } from './list-models.ts';

/** The model in the settings, or the embedded one while that still has to be downloaded. @throws `MODEL_NOT_FOUND` */
export async function findDefaultModel(request: FindModelRequest): Promise<ModelFolder> {
  return findModel(request).catch((error: HearthError) => {
    if (isRepository(request.name) && error.code === 'MODEL_NOT_FOUND') {
      return findModel({ ...request, name: embeddedModelName });
    }
    throw error;
  });
}
