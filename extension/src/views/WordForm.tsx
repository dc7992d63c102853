import { Action, ActionPanel, Form, Icon, useNavigation } from "@raycast/api";
import { useForm } from "@raycast/utils";
import { Replacement } from "../daemon/api";
import { saveWords } from "../daemon/words";
import { tellFailure } from "./tell-failure";

export interface WordFormProps {
  /** The entry to change; a new one without it. */
  entry?: Replacement;
  onSaved: () => void;
}

/** Asks what is said and what is written for it. */
export function WordForm({ entry, onSaved }: WordFormProps) {
  const { pop } = useNavigation();
  const { handleSubmit, itemProps } = useForm<Replacement>({
    initialValues: { say: entry?.say ?? "", write: entry?.write ?? "" },
    validation: {
      say: (text) => (/[^\s-]/.test(text ?? "") ? undefined : "Enter the words as you say them"),
    },
    async onSubmit({ say, write }) {
      await tellFailure(async () => {
        await saveWords({ say: say.trim(), write }, entry?.say);
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
      <Form.TextField {...itemProps.say} title="Say" placeholder="at sign" />
      <Form.TextArea
        {...itemProps.write}
        title="Write"
        placeholder="@"
        info="Written to the letter. Leave it empty to leave the words out."
      />
    </Form>
  );
}
