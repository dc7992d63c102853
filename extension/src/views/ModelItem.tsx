import { Icon, List } from "@raycast/api";
import { factsOf, ModelEntry, titleOf } from "../models/describe-model";
import { ModelActions } from "./ModelActions";

/** A model with what is known of it. */
export function ModelItem({ entry, onChange }: { entry: ModelEntry; onChange: () => void }) {
  const { name, here, inMemory } = entry;
  return (
    <List.Item
      id={name}
      title={titleOf(entry)}
      keywords={name.split(/[/-]/)}
      icon={here === null ? Icon.Download : Icon.Box}
      accessories={[
        ...(here?.isDefault ? [{ icon: Icon.Star, tooltip: "Default" }] : []),
        ...(inMemory === null ? [] : [{ icon: Icon.MemoryChip, tooltip: "In memory" }]),
        ...(here?.isOutdated ? [{ icon: Icon.ArrowUp, tooltip: "A new revision is there" }] : []),
        ...(here?.fits === false ? [{ icon: Icon.Warning, tooltip: "Too large for this Mac" }] : []),
      ]}
      detail={
        <List.Item.Detail
          metadata={
            <List.Item.Detail.Metadata>
              <List.Item.Detail.Metadata.Label title="Name" text={name} />
              {here?.isDefault && <List.Item.Detail.Metadata.Label title="Default" text="Yes" />}
              {factsOf(entry).map(([title, text]) => (
                <List.Item.Detail.Metadata.Label key={title} title={title} text={text} />
              ))}
            </List.Item.Detail.Metadata>
          }
        />
      }
      actions={<ModelActions entry={entry} onChange={onChange} />}
    />
  );
}
