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

/** What starts the daemon on this Mac: launchd where it looks after Hearth, else the command. @throws DaemonError `NOT_INSTALLED` */
export function startCommands(): StartCommand[] {
  const agent = join(userHome(), "Library", "LaunchAgents", `${agentLabel}.plist`);
  return existsSync(agent) ? agentCommands(agent) : [{ program: findHearth(), args: ["start"] }];
}

function agentCommands(agent: string): StartCommand[] {
  const domain = `gui/${process.getuid?.()}`;
  const launchctl = (...args: string[]) => ({ program: "/bin/launchctl", args });
  return [
    launchctl("enable", `${domain}/${agentLabel}`),
    // Loads what `hearth stop` unloaded, and fails where it is loaded; then it is to run now.
    launchctl("bootstrap", domain, agent),
    launchctl("kickstart", `${domain}/${agentLabel}`),
  ];
}

function findHearth(): string {
  const preferred = getPreferenceValues<Preferences>().hearthPath?.trim();
  const usual = [join(userHome(), ".local", "bin", "hearth"), "/opt/homebrew/bin/hearth", "/usr/local/bin/hearth"];
  const program = (preferred ? [preferred] : usual).find((path) => existsSync(path));
  if (program !== undefined) return program;
  const looked = preferred ? `at ${preferred}` : "in the usual places";
  throw new DaemonError("NOT_INSTALLED", `There is no hearth command ${looked}.`, {
    hint: "Install Hearth, or name its command in the extension’s preferences.",
  });
}
