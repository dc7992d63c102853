import type { Command } from 'commander';

/** `shortcuts` and `finder`: Hearth in other programs of macOS. */
export function addMacCommands(program: Command): void {
  const shortcuts = program.command('shortcuts').summary('add Hearth to the Shortcuts app (macOS)');
  shortcuts
    .command('install')
    .summary('make, sign and open the shortcuts')
    .description(
      'Makes "Transcribe Audio", "Transcribe to Subtitles" and "Dictate to Clipboard", signs and opens them.',
    )
    .option('-o, --output <folder>', 'where the files go (default: shortcuts/ in the home of Hearth)')
    .option('--no-open', 'do not open the files')
    .action(async (values: { output?: string; open: boolean }) => {
      const { runShortcutsInstall } = await import('./run-shortcuts-install.ts');
      process.exitCode = await runShortcutsInstall(values);
    });
  const finder = program.command('finder').summary("add Hearth to Finder's Quick Actions (macOS)");
  finder
    .command('install')
    .summary('put "Transcribe" and "Make Subtitles" into the menu of recordings')
    .action(async () => {
      const { runFinderInstall } = await import('./run-finder.ts');
      process.exitCode = await runFinderInstall();
    });
  finder
    .command('uninstall')
    .summary('remove them')
    .action(async () => {
      const { runFinderUninstall } = await import('./run-finder.ts');
      process.exitCode = await runFinderUninstall();
    });
}
