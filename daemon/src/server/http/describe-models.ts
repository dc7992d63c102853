import type { ListedModel } from '../../protocol/models.ts';
import { knownMachine } from './known-machine.ts';
import type { Services } from './services.ts';

/** The models on disk, what they need in memory here, and which of them are the default and loaded. */
export async function describeModels({
  models,
  supervisor,
}: Pick<Services, 'models' | 'supervisor'>): Promise<readonly ListedModel[]> {
  const { model: loaded, models: resident } = supervisor.state();
  const machine = knownMachine(loaded ?? resident[0] ?? null);
  // The list helps if the settings name a missing model.
  const defaultFolder = await models.find().then(
    ({ folder }) => folder,
    () => null,
  );
  const listed = await models.list();
  return Promise.all(
    listed.map(async (model) => ({
      ...model,
      ...(await models.memoryOf(model.folder, machine)),
      isDefault: model.folder === defaultFolder,
      isResident: resident.some(({ folder }) => folder === model.folder),
    })),
  );
}
