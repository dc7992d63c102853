import type { NativeModel } from '@hearth/native';
import { type ForcedLoadModelRequest, loadModelForced } from '@hearth/native/testing';
import { type ModelFolderForm, writeModelFolder } from './model-folder.ts';
import type { SmallModel } from './small-model.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

/** Writes a small model in some form and loads it into the engine. */
export function loadSmallModel(
  model: SmallModel,
  form: ModelFolderForm,
  request: Omit<ForcedLoadModelRequest, 'folder'> = {},
): Promise<NativeModel> {
  return withTemporaryFolder(async (folder) => {
    await writeModelFolder(folder, model, form);
    return loadModelForced({ folder, ...request });
  });
}
