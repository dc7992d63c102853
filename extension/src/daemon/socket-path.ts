import { homedir } from "node:os";
import { join } from "node:path";

/** The daemon's socket. It only depends on HOME, because Raycast gives its extensions no other useful variable. */
export function socketPath(): string {
  return join(hearthHome(), "hearth.sock");
}

export function settingsPath(): string {
  return join(hearthHome(), "settings.json");
}

/** Where the daemon stores uploads. */
export function spoolFolder(): string {
  return join(hearthHome(), "spool");
}

export function userHome(): string {
  return process.env.HOME || homedir();
}

function hearthHome(): string {
  return join(userHome(), "Library", "Application Support", "Hearth");
}
