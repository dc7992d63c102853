import { existsSync } from "node:fs";
import { join } from "node:path";
import { getPreferenceValues } from "@raycast/api";
import { DaemonError } from "../daemon/daemon-error";
import { userHome } from "../daemon/socket-path";

export interface StartCommand {
  program: string;
  args: string[];
}

const agentLabel = "local.hearth.daemon";

/** How to start the daemon: with launchd if it manages Hearth, or else the command. @throws DaemonError `NOT_INSTALLED` */
export function startCommands(): StartCommand[] {
  if (existsSync(agentFile())) return agentCommands();
  const program = findHearth();
  if (program !== undefined) return [{ program, args: ["start"] }];
  const preferred = preferredHearth();
  const looked = preferred ? `at ${preferred}` : "in the usual places";
  throw new DaemonError("NOT_INSTALLED", `There is no hearth command ${looked}.`, {
    hint: "Install Hearth, or choose its command in the extension’s preferences.",
  });
}

/** Whether this Mac has anything that could start the daemon. */
export function isInstalled(): boolean {
  return existsSync(agentFile()) || findHearth() !== undefined;
}

function agentFile(): string {
  return join(userHome(), "Library", "LaunchAgents", `${agentLabel}.plist`);
}

function agentCommands(): StartCommand[] {
  const domain = `gui/${process.getuid?.()}`;
  const launchctl = (...args: string[]) => ({ program: "/bin/launchctl", args });
  return [
    launchctl("enable", `${domain}/${agentLabel}`),
    // Loads what `hearth stop` unloaded. This fails if it is loaded; then the next command runs it.
    launchctl("bootstrap", domain, agentFile()),
    launchctl("kickstart", `${domain}/${agentLabel}`),
  ];
}

function findHearth(): string | undefined {
  const preferred = preferredHearth();
  const usual = [join(userHome(), ".local", "bin", "hearth"), "/opt/homebrew/bin/hearth", "/usr/local/bin/hearth"];
  return (preferred ? [preferred] : usual).find((path) => existsSync(path));
}

function preferredHearth(): string | undefined {
  return getPreferenceValues<Preferences>().hearthPath?.trim();
}
