import { homedir } from "node:os";
import { join } from "node:path";

/** The daemon's socket, from HOME alone: Raycast gives its extensions no other variable that could tell. */
export function socketPath(): string {
  return join(hearthHome(), "hearth.sock");
}

/** Where the daemon keeps the recordings that it was given. */
export function spoolFolder(): string {
  return join(hearthHome(), "spool");
}

export function userHome(): string {
  return process.env.HOME || homedir();
}

function hearthHome(): string {
  return join(userHome(), "Library", "Application Support", "Hearth");
}
