import { Action, ActionPanel, Alert, confirmAlert, Icon, Keyboard, showToast, Toast } from "@raycast/api";
import { loadModel, removeModel, unloadModel } from "../daemon/models";
import { describeBytes, ModelEntry } from "../models/describe-model";
import { pullWithToast } from "../models/pull-with-toast";
import { DefaultModelHelp } from "./DefaultModelHelp";
import { tellFailure } from "./tell-failure";

interface ModelActionsProps {
  entry: ModelEntry;
  onChange: () => void;
}

/** What can be done with a model. */
export function ModelActions({ entry, onChange }: ModelActionsProps) {
  const { name, here, known, inMemory } = entry;
  const isOfHub = here === null ? name.includes("/") : here.source === "hub";
  return (
    <ActionPanel>
      {here === null || here.isOutdated ? (
        <Action
          title={here === null ? "Download Model" : "Download New Revision"}
          icon={Icon.Download}
          onAction={() => pullWithToast(name).then(onChange)}
        />
      ) : null}
      {here !== null && inMemory === null && (
        <Action
          title="Load into Memory"
          icon={Icon.MemoryChip}
          onAction={() => work(`Loading ${name}`, `${name} is ready`, () => loadModel(name)).then(onChange)}
        />
      )}
      {inMemory !== null && (
        <Action
          title="Unload from Memory"
          icon={Icon.Eject}
          onAction={() => work(`Unloading ${name}`, `${name} is unloaded`, () => unloadModel(name)).then(onChange)}
        />
      )}
      {here !== null && !here.isDefault && (
        <Action.Push title="Make Default" icon={Icon.Star} target={<DefaultModelHelp name={name} />} />
      )}
      <ActionPanel.Section>
        <Action.CopyToClipboard title="Copy Name" content={name} shortcut={Keyboard.Shortcut.Common.Copy} />
        {isOfHub && <Action.OpenInBrowser title="Open Repository" url={`https://huggingface.co/${name}`} />}
        {known?.accuracy && <Action.OpenInBrowser title="Open Source of Figures" url={known.accuracy.source} />}
        <Action
          title="Refresh"
          icon={Icon.ArrowClockwise}
          shortcut={Keyboard.Shortcut.Common.Refresh}
          onAction={onChange}
        />
      </ActionPanel.Section>
      {here !== null && isOfHub && (
        <ActionPanel.Section>
          <Action
            title="Remove Model"
            icon={Icon.Trash}
            style={Action.Style.Destructive}
            shortcut={Keyboard.Shortcut.Common.Remove}
            onAction={() => removeIfMeant(name, here.byteCount).then((meant) => meant && onChange())}
          />
        </ActionPanel.Section>
      )}
    </ActionPanel>
  );
}

/** Loading takes seconds. */
async function work(title: string, done: string, action: () => Promise<void>): Promise<void> {
  const toast = await showToast({ style: Toast.Style.Animated, title });
  let isDone = false;
  await tellFailure(async () => {
    await action();
    isDone = true;
  });
  if (!isDone) return;
  toast.style = Toast.Style.Success;
  toast.title = done;
}

async function removeIfMeant(name: string, byteCount: number): Promise<boolean> {
  const meant = await confirmAlert({
    title: "Remove this model?",
    message: `This deletes ${name} from the disk, which frees ${describeBytes(byteCount)}. You can download it again.`,
    primaryAction: { title: "Remove", style: Alert.ActionStyle.Destructive },
  });
  if (meant) await tellFailure(() => removeModel(name));
  return meant;
}
