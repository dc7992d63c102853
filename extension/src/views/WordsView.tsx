import { ReactElement } from "react";
import { Action, ActionPanel, Alert, confirmAlert, Icon, Keyboard, List } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { Replacement } from "../daemon/api";
import { listWords, removeWords } from "../daemon/words";
import { NoDaemon } from "./NoDaemon";
import { tellFailure } from "./tell-failure";
import { WordForm } from "./WordForm";

/** What is written for which words, to add, change and remove. */
export function WordsView() {
  const { data, error, isLoading, revalidate } = usePromise(listWords, [], { onError: () => undefined });
  const addAction = (
    <Action.Push
      title="Add Words"
      icon={Icon.Plus}
      shortcut={Keyboard.Shortcut.Common.New}
      target={<WordForm onSaved={revalidate} />}
    />
  );
  return (
    <List isLoading={isLoading} searchBarPlaceholder="Search words">
      {error !== undefined ? (
        <NoDaemon error={error} onStarted={revalidate} />
      ) : (
        <List.EmptyView
          icon={Icon.Text}
          title="No words yet"
          description="Add what you say, and what is written for it when you dictate."
          actions={<ActionPanel>{addAction}</ActionPanel>}
        />
      )}
      {(data?.words ?? []).map((entry) => (
        <WordItem key={entry.say} entry={entry} addAction={addAction} onChange={revalidate} />
      ))}
      <List.Section title="Not Used">
        {(data?.problems ?? []).map((problem) => (
          <List.Item
            key={problem}
            icon={Icon.Warning}
            title={problem}
            actions={<ActionPanel>{addAction}</ActionPanel>}
          />
        ))}
      </List.Section>
    </List>
  );
}

interface WordItemProps {
  entry: Replacement;
  addAction: ReactElement;
  onChange: () => void;
}

function WordItem({ entry, addAction, onChange }: WordItemProps) {
  return (
    <List.Item
      title={entry.say}
      subtitle={entry.write.replace(/\s*\n\s*/g, " ⏎ ")}
      keywords={[entry.write]}
      actions={
        <ActionPanel>
          <Action.Push title="Edit Words" icon={Icon.Pencil} target={<WordForm entry={entry} onSaved={onChange} />} />
          {addAction}
          <Action
            title="Remove Words"
            icon={Icon.Trash}
            style={Action.Style.Destructive}
            shortcut={Keyboard.Shortcut.Common.Remove}
            onAction={() => removeIfMeant(entry.say).then((removed) => removed && onChange())}
          />
        </ActionPanel>
      }
    />
  );
}

async function removeIfMeant(say: string): Promise<boolean> {
  const meant = await confirmAlert({
    title: "Remove these words?",
    message: `“${say}” is then written as you say it.`,
    primaryAction: { title: "Remove", style: Alert.ActionStyle.Destructive },
  });
  if (meant) await tellFailure(() => removeWords(say));
  return meant;
}
