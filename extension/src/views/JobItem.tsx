import { Action, ActionPanel, Color, Icon, Keyboard, List } from "@raycast/api";
import { ReactNode } from "react";
import { JobSummary } from "../daemon/api";
import { cancelJobAndWait } from "../daemon/jobs";
import { itemOfJob } from "../transcribe/batch";
import { describeJob } from "../transcribe/describe-job";
import { tellFailure } from "./tell-failure";
import { TranscriptionsView } from "./TranscriptionsView";

export interface JobItemProps {
  job: JobSummary;
  /** Path of the recording; null if unknown. */
  path: string | null;
  /** The form that Transcribe Again opens. */
  formFor: (files: string[]) => ReactNode;
  onChange: () => void;
}

/** A running or waiting job, to follow or cancel. */
export function JobItem({ job, path, formFor, onChange }: JobItemProps) {
  const name = job.name ?? "Recording";
  return (
    <List.Item
      title={name}
      icon={{ source: Icon.CircleProgress, tintColor: Color.Blue }}
      accessories={[{ text: describeJob(job) }]}
      detail={<List.Item.Detail markdown={describeJob(job)} />}
      actions={
        <ActionPanel>
          <Action.Push
            title="Follow"
            icon={Icon.Eye}
            target={<TranscriptionsView items={[itemOfJob({ id: job.id, name, path })]} formFor={formFor} />}
            onPop={onChange}
          />
          <Action
            title="Cancel"
            icon={Icon.XMarkCircle}
            style={Action.Style.Destructive}
            shortcut={Keyboard.Shortcut.Common.Remove}
            onAction={() => tellFailure(() => cancelJobAndWait(job.id)).then(onChange)}
          />
        </ActionPanel>
      }
    />
  );
}
