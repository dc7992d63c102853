import { Icon, List } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { readModels } from "../daemon/models";
import { entriesOf } from "../models/describe-model";
import { ModelItem } from "./ModelItem";
import { NoDaemon } from "./NoDaemon";

/** The models on this Mac, and those worth having. */
export function ModelsView() {
  const { data, error, isLoading, revalidate } = usePromise(readModels, [], { onError: () => undefined });
  const entries = data === undefined || error !== undefined ? [] : entriesOf(data);
  const sections = [
    { title: "On This Mac", of: entries.filter(({ here }) => here !== null) },
    { title: "Worth Having", of: entries.filter(({ here }) => here === null) },
  ];
  return (
    <List isLoading={isLoading} isShowingDetail={entries.length > 0} searchBarPlaceholder="Search models">
      {error !== undefined ? (
        <NoDaemon error={error} onStarted={revalidate} />
      ) : (
        <List.EmptyView icon={Icon.Box} title={isLoading ? "Reading the models" : "No models"} />
      )}
      {sections.map(({ title, of }) => (
        <List.Section key={title} title={title}>
          {of.map((entry) => (
            <ModelItem key={entry.name} entry={entry} onChange={revalidate} />
          ))}
        </List.Section>
      ))}
    </List>
  );
}
