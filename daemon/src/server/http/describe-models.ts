import type { ListedModel } from '../../protocol/models.ts';
import type { Services } from './services.ts';

/** The models on disk, and which of them are the default and in memory. */
export async function describeModels({
  models,
  supervisor,
}: Pick<Services, 'models' | 'supervisor'>): Promise<readonly ListedModel[]> {
  const resident = supervisor.state().model?.folder;
  // The list helps if the settings name a missing model.
  const defaultFolder = await models.find().then(
    ({ folder }) => folder,
    () => null,
  );
  const listed = await models.list();
  return listed.map((model) => ({
    ...model,
    isDefault: model.folder === defaultFolder,
    isResident: model.folder === resident,
  }));
}
