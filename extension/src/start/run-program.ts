import { execFile } from "node:child_process";
import { delimiter } from "node:path";
import { userHome } from "../daemon/socket-path";

// Raycast gives its extensions no PATH, and the launcher needs the system's tools.
const searchPath = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/opt/homebrew/bin", "/usr/local/bin"].join(delimiter);

/** Runs a program to its end, without a shell. @throws Error with the last line of its standard error */
export function runProgram(request: { program: string; args: string[]; limitMs: number }): Promise<void> {
  const { program, args, limitMs } = request;
  return new Promise((resolve, reject) => {
    const options = { env: { HOME: userHome(), PATH: searchPath }, timeout: limitMs };
    execFile(program, args, options, (error, _output, errors) => {
      if (error === null) resolve();
      else reject(new Error(errors.trim().split("\n").at(-1) || error.message, { cause: error }));
    });
  });
}
