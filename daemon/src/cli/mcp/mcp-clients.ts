import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A program whose list of MCP servers is a file that Hearth can write to. */
export interface McpClientProgram {
  readonly title: string;
  readonly file: string;
  /** The key of the list in the file. */
  readonly listKey: string;
  readonly hasType: boolean;
  /** What the user does afterwards. */
  readonly next: string;
}

export const clientNames = ['claude-desktop', 'cursor', 'vscode'] as const;
export type ClientName = (typeof clientNames)[number];

/** Where each program reads its list of servers, by the program's own documentation. */
export function mcpClients(
  environment: NodeJS.ProcessEnv = process.env,
  platform = process.platform,
): Readonly<Record<ClientName, McpClientProgram>> {
  const home = environment['HOME'] || homedir();
  const xdg = environment['XDG_CONFIG_HOME'] ?? '';
  const linux = isAbsolute(xdg) ? xdg : join(home, '.config');
  const applications = platform === 'darwin' ? join(home, 'Library', 'Application Support') : linux;
  return {
    'claude-desktop': {
      title: 'Claude Desktop',
      file: join(applications, 'Claude', 'claude_desktop_config.json'),
      listKey: 'mcpServers',
      hasType: false,
      next: 'Quit Claude Desktop and open it again.',
    },
    cursor: {
      title: 'Cursor',
      file: join(home, '.cursor', 'mcp.json'),
      listKey: 'mcpServers',
      hasType: false,
      next: 'Turn hearth on in Cursor under Settings > MCP.',
    },
    vscode: {
      title: 'VS Code',
      file: join(applications, 'Code', 'User', 'mcp.json'),
      listKey: 'servers',
      hasType: true,
      next: 'Run "MCP: List Servers" in VS Code and start hearth.',
    },
  };
}
