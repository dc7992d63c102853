import { existsSync } from "node:fs";
import { Action, ActionPanel, Form, Icon, showToast, Toast, useNavigation } from "@raycast/api";
import { useForm, usePromise } from "@raycast/utils";
import { listModels } from "../daemon/list-models";
import { TranscriptionOptions } from "../daemon/transcription-options";
import { findRecordings } from "../recordings/find-recordings";
import { defaultOptions } from "../settings/default-options";
import { languages } from "../settings/languages";
import { itemOf } from "../transcribe/batch";
import { SavedFormat } from "../transcribe/save-transcript";
import { TranscriptionsView } from "./TranscriptionsView";

interface Values {
  files: string[];
  language: string;
  task: string;
  format: string;
  model: string;
  initialPrompt: string;
  saveBeside: boolean;
}

const formats: { value: SavedFormat; title: string }[] = [
  { value: "txt", title: "Text" },
  { value: "md", title: "Markdown (.md)" },
  { value: "docx", title: "Word (.docx)" },
  { value: "srt", title: "SubRip Subtitles (.srt)" },
  { value: "vtt", title: "WebVTT Subtitles (.vtt)" },
  { value: "json", title: "JSON With Segment Times" },
];

/** Asks what to transcribe and how, and shows the progress. */
export function TranscribeForm({
  files = [],
  options = defaultOptions(),
}: {
  files?: string[];
  options?: TranscriptionOptions;
}) {
  const { push } = useNavigation();
  const { data: models = [], isLoading } = usePromise(listModels);
  const { handleSubmit, itemProps } = useForm<Values>({
    initialValues: {
      files: files.filter((path) => existsSync(path)),
      language: options.language ?? "",
      task: options.task ?? "transcribe",
      format: "txt",
      model: options.model ?? "",
      initialPrompt: options.initialPrompt ?? "",
      saveBeside: false,
    },
    validation: {
      files: (paths) => (paths === undefined || paths.length === 0 ? "Choose at least one file" : undefined),
    },
    async onSubmit({ files: paths, format, saveBeside, task, ...rest }) {
      await showToast({ style: Toast.Style.Animated, title: "Looking for recordings" });
      const { recordings, leftOut } = await findRecordings(paths);
      if (recordings.length === 0) {
        await showToast({ style: Toast.Style.Failure, title: "No audio or video in that folder", message: leftOut });
        return;
      }
      const chosen = { ...rest, task: task === "translate" ? ("translate" as const) : undefined };
      push(
        <TranscriptionsView
          items={recordings.map(itemOf)}
          options={chosen}
          format={format as SavedFormat}
          saveBeside={saveBeside}
          leftOut={leftOut}
          formFor={(files) => <TranscribeForm files={files} />}
        />,
      );
    },
  });

  return (
    <Form
      isLoading={isLoading}
      actions={
        <ActionPanel>
          <Action.SubmitForm title="Transcribe" icon={Icon.Waveform} onSubmit={handleSubmit} />
        </ActionPanel>
      }
    >
      <Form.FilePicker
        {...itemProps.files}
        title="Files"
        info="Audio and video. A folder stands for the recordings in it, 500 at most."
        allowMultipleSelection
        canChooseDirectories
      />
      <Form.Dropdown {...itemProps.language} title="Language">
        <Form.Dropdown.Item value="" title="Detect" icon={Icon.Globe} />
        {languages.map(({ code, name }) => (
          <Form.Dropdown.Item key={code} value={code} title={name} keywords={[code]} />
        ))}
      </Form.Dropdown>
      <Form.Dropdown {...itemProps.task} title="Task">
        <Form.Dropdown.Item value="transcribe" title="Transcribe" icon={Icon.Text} />
        <Form.Dropdown.Item value="translate" title="Translate to English" icon={Icon.SpeechBubble} />
      </Form.Dropdown>
      <Form.Dropdown {...itemProps.format} title="Format">
        {formats.map(({ value, title }) => (
          <Form.Dropdown.Item key={value} value={value} title={title} />
        ))}
      </Form.Dropdown>
      <Form.Checkbox {...itemProps.saveBeside} title="Save" label="Save Beside Each Recording" />
      <Form.Separator />
      <Form.Dropdown {...itemProps.model} title="Model">
        <Form.Dropdown.Item value="" title="Default Model" icon={Icon.Bolt} />
        {withChosen(models, options.model).map((name) => (
          <Form.Dropdown.Item key={name} value={name} title={name} />
        ))}
      </Form.Dropdown>
      <Form.TextArea
        {...itemProps.initialPrompt}
        title="Vocabulary"
        placeholder="Names and unusual words, spelled as you want them"
      />
    </Form>
  );
}

function withChosen(models: string[], chosen: string | undefined): string[] {
  return chosen && !models.includes(chosen) ? [chosen, ...models] : models;
}
