import { ReactElement } from "react";
import { Action, ActionPanel, Alert, confirmAlert, Icon, Keyboard, List } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { DictionaryEntry, Replacement } from "../daemon/api";
import { listWords, removeName, removeWords } from "../daemon/words";
import { NameForm } from "./NameForm";
import { NoDaemon } from "./NoDaemon";
import { tellFailure } from "./tell-failure";
import { WordForm } from "./WordForm";

/** Names and terms, and what is written for which words, to add, change and remove. */
export function WordsView() {
  const { data, error, isLoading, revalidate } = usePromise(listWords, [], { onError: () => undefined });
  const addAction = (
    <>
      <Action.Push
        title="Add Words"
        icon={Icon.Plus}
        shortcut={Keyboard.Shortcut.Common.New}
        target={<WordForm onSaved={revalidate} />}
      />
      <Action.Push title="Add Name" icon={Icon.Person} target={<NameForm onSaved={revalidate} />} />
    </>
  );
  return (
    <List isLoading={isLoading} searchBarPlaceholder="Search words">
      {error !== undefined ? (
        <NoDaemon error={error} onStarted={revalidate} />
      ) : (
        <List.EmptyView
          icon={Icon.Text}
          title="No words yet"
          description="Add names and terms to recognise, or what is written for what you say when you dictate."
          actions={<ActionPanel>{addAction}</ActionPanel>}
        />
      )}
      {(data?.words ?? []).map((entry) => (
        <WordItem key={entry.say} entry={entry} addAction={addAction} onChange={revalidate} />
      ))}
      <List.Section title="Names and Terms">
        {(data?.dictionary ?? []).map((entry) => (
          <NameItem key={entry.word} entry={entry} addAction={addAction} onChange={revalidate} />
        ))}
      </List.Section>
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
  const remove = () =>
    confirmAndRun("Remove these words?", `“${entry.say}” is then written as you say it.`, () => removeWords(entry.say));
  return (
    <List.Item
      title={entry.say}
      subtitle={entry.write.replace(/\s*\n\s*/g, " ⏎ ")}
      keywords={[entry.write]}
      actions={
        <ActionPanel>
          <Action.Push title="Edit Words" icon={Icon.Pencil} target={<WordForm entry={entry} onSaved={onChange} />} />
          {addAction}
          <RemoveAction title="Remove Words" remove={remove} onRemoved={onChange} />
        </ActionPanel>
      }
    />
  );
}

interface NameItemProps {
  entry: DictionaryEntry;
  addAction: ReactElement;
  onChange: () => void;
}

function NameItem({ entry, addAction, onChange }: NameItemProps) {
  const soundsLike = entry.soundsLike ?? [];
  const remove = () =>
    confirmAndRun("Remove this name?", `“${entry.word}” is then written as it is heard.`, () => removeName(entry.word));
  return (
    <List.Item
      icon={Icon.Person}
      title={entry.word}
      subtitle={soundsLike.join(", ")}
      keywords={[...soundsLike]}
      actions={
        <ActionPanel>
          <Action.Push title="Edit Name" icon={Icon.Pencil} target={<NameForm entry={entry} onSaved={onChange} />} />
          {addAction}
          <RemoveAction title="Remove Name" remove={remove} onRemoved={onChange} />
        </ActionPanel>
      }
    />
  );
}

async function confirmAndRun(title: string, message: string, run: () => Promise<void>): Promise<boolean> {
  const meant = await confirmAlert({
    title,
    message,
    primaryAction: { title: "Remove", style: Alert.ActionStyle.Destructive },
  });
  if (meant) await tellFailure(run);
  return meant;
}

interface RemoveActionProps {
  title: string;
  /** Whether it was removed. */
  remove: () => Promise<boolean>;
  onRemoved: () => void;
}

function RemoveAction({ title, remove, onRemoved }: RemoveActionProps) {
  return (
    <Action
      title={title}
      icon={Icon.Trash}
      style={Action.Style.Destructive}
      shortcut={Keyboard.Shortcut.Common.Remove}
      onAction={() => remove().then((removed) => removed && onRemoved())}
    />
  );
}
