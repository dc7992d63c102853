import { Action, ActionPanel, Form, Icon, useNavigation } from "@raycast/api";
import { useForm } from "@raycast/utils";
import { DictionaryEntry } from "../daemon/api";
import { saveName } from "../daemon/words";
import { tellFailure } from "./tell-failure";

export interface NameFormProps {
  /** The entry to change; a new one without it. */
  entry?: DictionaryEntry;
  onSaved: () => void;
}

interface Fields {
  word: string;
  soundsLike: string;
}

/** Asks for a name or term, and what is written when it is mis-heard. */
export function NameForm({ entry, onSaved }: NameFormProps) {
  const { pop } = useNavigation();
  const { handleSubmit, itemProps } = useForm<Fields>({
    initialValues: { word: entry?.word ?? "", soundsLike: (entry?.soundsLike ?? []).join(", ") },
    validation: {
      word: (text) => (/[^\s-]/.test(text ?? "") ? undefined : "Enter a name or term"),
    },
    async onSubmit({ word, soundsLike }) {
      await tellFailure(async () => {
        await saveName({ ...entry, word: word.trim(), soundsLike: formsIn(soundsLike) }, entry?.word);
        onSaved();
        pop();
      });
    },
  });

  return (
    <Form
      actions={
        <ActionPanel>
          <Action.SubmitForm title="Save" icon={Icon.Check} onSubmit={handleSubmit} />
        </ActionPanel>
      }
    >
      <Form.TextField {...itemProps.word} title="Name or Term" placeholder="Kubernetes" />
      <Form.TextField
        {...itemProps.soundsLike}
        title="Sounds Like"
        placeholder="cooper netties"
        info="What is written when it is mis-heard, with commas. The name is always written for it."
      />
    </Form>
  );
}

function formsIn(text: string): string[] {
  return text.split(",").flatMap((form) => (form.trim() === "" ? [] : [form.trim()]));
}
