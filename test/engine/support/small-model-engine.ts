import type { LoadModelRequest, NativeModel } from '@hearth/native';
import { native } from './embedded-model.ts';
import { type ModelFolderForm, writeModelFolder } from './model-folder.ts';
import type { SmallModel } from './small-model.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

/** Writes a small model in some form and loads it into the engine. */
export function loadSmallModel(
  model: SmallModel,
  form: ModelFolderForm,
  request: Omit<LoadModelRequest, 'folder'> = {},
): Promise<NativeModel> {
  return withTemporaryFolder(async (folder) => {
    await writeModelFolder(folder, model, form);
    return native.loadModel({ folder, ...request });
  });
}
