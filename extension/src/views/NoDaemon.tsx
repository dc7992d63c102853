import { Action, ActionPanel, Icon, List } from "@raycast/api";
import { codeOf } from "../daemon/daemon-error";
import { startHearth } from "../start/start-hearth";
import { OpenPreferences } from "./OpenPreferences";
import { tellFailure } from "./tell-failure";

/** Replaces a list: why it cannot be shown, and what helps. */
export function NoDaemon({ error, onStarted }: { error: Error & { hint?: string }; onStarted: () => void }) {
  const isDown = codeOf(error) === "DAEMON_UNREACHABLE";
  return (
    <List.EmptyView
      icon={Icon.Warning}
      title={error.message}
      description={error.hint}
      actions={
        <ActionPanel>
          {isDown && (
            <Action title="Start Hearth" icon={Icon.Power} onAction={() => tellFailure(startHearth).then(onStarted)} />
          )}
          <Action title="Try Again" icon={Icon.ArrowClockwise} onAction={onStarted} />
          <OpenPreferences />
        </ActionPanel>
      }
    />
  );
}
