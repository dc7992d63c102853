import { homedir } from "node:os";
import { join } from "node:path";

/** The daemon's socket, from HOME alone: Raycast gives its extensions no other variable that could tell. */
export function socketPath(): string {
  return join(userHome(), "Library", "Application Support", "Hearth", "hearth.sock");
}

export function userHome(): string {
  return process.env.HOME || homedir();
}
