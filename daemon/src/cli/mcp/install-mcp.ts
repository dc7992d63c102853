import { constants, copyFileSync, lstatSync } from 'node:fs';
import { HearthError } from '../../errors/hearth-error.ts';
import { systemReason } from '../../errors/system-reason.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { writeError } from '../../errors/write-error.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { readGivenFileNow } from '../../settings/read-given-file.ts';
import { readSettings } from '../../settings/read-settings.ts';
import { launcherPath } from '../installation.ts';
import { writeOutput } from '../output/write-output.ts';
import { log, printText } from '../terminal/print.ts';
import { type ServerEntry, withoutServer, withServer } from './edit-server-list.ts';
import { type ClientName, type McpClientProgram, mcpClients } from './mcp-clients.ts';

/** An assistant's own settings. */
const mostBytes = 16 * 1024 * 1024;

/** `hearth mcp install CLIENT`: writes the entry into the client's list, and keeps the list as it was beside it. */
export async function installMcp(name: ClientName, { print }: { readonly print: boolean }): Promise<void> {
  const program = mcpClients()[name];
  const { file, listKey, title, next } = program;
  const entry = entryFor(program);
  if (print) {
    log(`For ${visibleText(file)}:`);
    printText(`${JSON.stringify({ [listKey]: { hearth: entry } }, null, 2)}\n`);
    return;
  }
  const text = read(file);
  const changed = withServer({ text: text ?? '', file, listKey }, entry);
  if (changed === text) {
    log(`${title} has Hearth already: ${visibleText(file)}`);
  } else {
    if (text !== null) keepAsItWas(file);
    await writeOutput(file, changed);
    log(`${title} has Hearth now: ${visibleText(file)}\n${next}`);
  }
  warnOfNoFolders();
}

/** `hearth mcp uninstall CLIENT`. */
export async function uninstallMcp(name: ClientName): Promise<void> {
  const { file, listKey, title } = mcpClients()[name];
  const text = read(file);
  const changed = text === null ? null : withoutServer({ text, file, listKey });
  if (text === null || changed === null || changed === text) return log(`${title} does not have Hearth.`);
  await writeOutput(file, changed);
  log(`${title} no longer has Hearth: ${visibleText(file)}`);
}

/** `hearth mcp install`: what to type or to write for programs that Hearth does not know. */
export function showMcpEntry(): void {
  const entry = entryOf();
  const command = [entry.command, ...entry.args].map(quoted).join(' ');
  const home = entry.env === undefined ? '' : ` --env ${quoted(`HEARTH_HOME=${entry.env['HEARTH_HOME']}`)}`;
  printText(
    [
      'Claude Code:',
      `  claude mcp add --scope user${home} hearth -- ${command}`,
      'Codex:',
      `  codex mcp add${home} hearth -- ${command}`,
      'Other programs:',
      ...JSON.stringify({ mcpServers: { hearth: entry } }, null, 2)
        .split('\n')
        .map((line) => `  ${line}`),
      '',
    ].join('\n'),
  );
  log('`hearth mcp install claude-desktop`, `cursor` or `vscode` writes the entry itself.');
  warnOfNoFolders();
}

function entryFor({ hasType }: McpClientProgram): ServerEntry {
  return { ...(hasType && { type: 'stdio' as const }), ...entryOf() };
}

function entryOf(): ServerEntry {
  const home = process.env['HEARTH_HOME'];
  return { command: launcherPath(), args: ['mcp'], ...(home && { env: { HEARTH_HOME: home } }) };
}

/** Null if there is no such file. @throws `OUTPUT_NOT_WRITABLE` for one that cannot be read */
function read(file: string): string | null {
  try {
    return readGivenFileNow(file, mostBytes).toString();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new HearthError('OUTPUT_NOT_WRITABLE', `${file} cannot be read: ${systemReason(cause)}.`, {
      hint: 'Add the entry by hand: `--print` shows it.',
      cause,
    });
  }
}

/** A copy with the same mode: the entries of other servers may contain passwords. */
function keepAsItWas(file: string): void {
  const backup = freeName(`${file}.before-hearth`);
  try {
    // Not through a link, and not over a file that came meanwhile.
    copyFileSync(file, backup, constants.COPYFILE_EXCL);
  } catch (cause) {
    throw writeError(backup, cause);
  }
  log(`The file as it was: ${visibleText(backup)}`);
}

function warnOfNoFolders(): void {
  const { settingsFile } = homePaths();
  if (readSettings(settingsFile).mcpFolders.length > 0) return;
  log(
    `No folder is allowed yet. Name those with your recordings in ${visibleText(settingsFile)}:\n` +
      '  { "mcpFolders": ["~/Recordings"] }',
  );
}

/** For a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A name that nothing has, not even a link that leads nowhere: an earlier copy is the file as it was before Hearth. */
function freeName(wanted: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (lstatSync(name, { throwIfNoEntry: false }) === undefined) return name;
  }
}
