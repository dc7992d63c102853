import type { Command } from 'commander';

/** `hearth serve`. */
export function define(command: Command): void {
  command
    .description(
      'Runs the daemon in the foreground until Ctrl-C. Other commands start it in the background when they need it.',
    )
    .action(async () => {
      await import('../../server/main.ts');
    });
}
