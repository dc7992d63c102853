import { Argument, type Command } from 'commander';
import { type ClientName, clientNames } from '../mcp/mcp-clients.ts';

const help = `
Examples:
  hearth mcp install claude-desktop
  hearth mcp install                  # what to type for Claude Code and others

Assistants may have recordings transcribed that are in the folders of the
setting \`mcpFolders\`.`;

/** `hearth mcp`: an MCP server on standard input and output, with `install` and `uninstall` below it. */
export function define(mcp: Command): void {
  mcp
    .description(
      'Serves assistants over the Model Context Protocol, on standard input and output. Assistants start this command themselves.',
    )
    .addHelpText('after', help)
    .action(serve);
  mcp
    .command('install')
    .summary('add Hearth to an assistant')
    .description("Adds Hearth to an assistant's list of MCP servers; without a name, shows what other programs need.")
    .addArgument(clientArgument().argOptional())
    .option('--print', 'Print the entry instead of writing it.')
    .action(async (client: ClientName | undefined, { print = false }: { print?: boolean }) => {
      const { installMcp, showMcpEntry } = await import('../mcp/install-mcp.ts');
      if (client === undefined) showMcpEntry();
      else await installMcp(client, { print });
    });
  mcp
    .command('uninstall')
    .summary('remove Hearth from an assistant')
    .description("Removes Hearth from an assistant's list of MCP servers.")
    .addArgument(clientArgument())
    .action(async (client: ClientName) => {
      const { uninstallMcp } = await import('../mcp/install-mcp.ts');
      await uninstallMcp(client);
    });
}

function clientArgument(): Argument {
  return new Argument('<client>', 'the assistant').choices(clientNames);
}

async function serve(): Promise<void> {
  const { serveMcp } = await import('../mcp/serve-mcp.ts');
  serveMcp();
}
