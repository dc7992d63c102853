import { Action, ActionPanel, Detail } from "@raycast/api";
import { settingsPath } from "../daemon/socket-path";

/** How a model becomes the default: only the person changes the settings. */
export function DefaultModelHelp({ name }: { name: string }) {
  const line = `"model": ${JSON.stringify(name)}`;
  const path = settingsPath();
  return (
    <Detail
      markdown={`# Make ${name} the Default

Put this line between the braces of \`${path}\`, with a comma between it and other lines:

\`\`\`
${line}
\`\`\`

If the file is not there, make it, with \`{ ${line} }\` in it. Hearth takes it over when the file is saved.`}
      actions={
        <ActionPanel>
          <Action.CopyToClipboard title="Copy Line" content={line} />
          <Action.ShowInFinder path={path} />
        </ActionPanel>
      }
    />
  );
}
