import { Action, Icon, openExtensionPreferences } from "@raycast/api";

export function OpenPreferences() {
  return <Action title="Open Preferences" icon={Icon.Gear} onAction={() => openExtensionPreferences()} />;
}
