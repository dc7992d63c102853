import type { Command } from 'commander';

/** `install`, `uninstall`, `start` and `restart`: the daemon as a service. */
export function addServiceCommands(program: Command): void {
  program
    .command('install')
    .summary('run the daemon at every login')
    .description(
      'Runs the daemon as a service from now on and at every login: a LaunchAgent on macOS, a user unit of systemd ' +
        'on Linux. Run it again after an upgrade.',
    )
    .action(async () => {
      const { runInstall } = await import('./run-install.ts');
      process.exitCode = await runInstall();
    });
  program
    .command('uninstall')
    .summary('stop running the daemon at every login')
    .description('Stops the service and removes it. Settings, models and history stay.')
    .action(async () => {
      const { runUninstall } = await import('./run-uninstall.ts');
      process.exitCode = await runUninstall();
    });
  program
    .command('start')
    .summary('start the daemon')
    .description('Starts the daemon, as a service when it is installed as one.')
    .action(async () => {
      const { runStart } = await import('./run-start.ts');
      process.exitCode = await runStart();
    });
  program
    .command('restart')
    .summary('stop the daemon and start it again')
    .description(
      'Stops the daemon, which may first finish its job, and starts it again with the current code and settings.',
    )
    .action(async () => {
      const { runRestart } = await import('./run-restart.ts');
      process.exitCode = await runRestart();
    });
}
