import { ReactElement } from "react";
import { Action, ActionPanel, Detail, Icon } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { codeOf } from "../daemon/daemon-error";
import { readHealth } from "../daemon/read-health";
import { isInstalled } from "../start/start-commands";
import { OpenPreferences } from "./OpenPreferences";

// For a checkout. Use `brew install …` once Hearth's tap is published.
const installCommand = "./hearth install";

const guide = `# Install Hearth

This extension needs Hearth, which transcribes on this Mac. Hearth is not installed yet.

In Terminal, go to the folder where you downloaded Hearth and run:

\`\`\`
${installCommand}
\`\`\`

If Hearth is installed somewhere else, choose its command in the preferences.`;

/** A view that needs Hearth. If it is not installed, shows how to install it. */
export function WithHearth({ children }: { children: ReactElement }) {
  const { data: isThere, isLoading, revalidate } = usePromise(isHearthThere);
  if (isThere === undefined) return <Detail isLoading />;
  if (isThere) return children;
  return (
    <Detail
      isLoading={isLoading}
      markdown={guide}
      actions={
        <ActionPanel>
          <Action.CopyToClipboard title="Copy Install Command" content={installCommand} />
          <Action title="Try Again" icon={Icon.ArrowClockwise} onAction={revalidate} />
          <OpenPreferences />
        </ActionPanel>
      }
    />
  );
}

/** A daemon that runs is enough, however it was started. */
async function isHearthThere(): Promise<boolean> {
  return (
    isInstalled() ||
    (await readHealth().then(
      () => true,
      (error) => codeOf(error) === "DAEMON_NOT_ANSWERING",
    ))
  );
}
