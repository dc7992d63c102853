import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FormatName, formats } from '../formats/formats.ts';
import { recommendedModel } from '../settings/default-model.ts';

const formatNames = Object.keys(formats) as FormatName[];
const json = ['--json', 'print the answer of the daemon'] as const;

/** What looks into the daemon: `jobs`, `history`, `models`, `logs` and `doctor`. */
export function addDaemonCommands(program: Command): void {
  addJobs(program);
  addHistory(program);
  addModels(program);
  program
    .command('logs')
    .summary("show the daemon's log")
    .description("Shows the daemon's log, which never holds what a recording says.")
    .option('-f, --follow', 'go on with new lines, until Ctrl-C')
    .option('-n, --lines <n>', 'number of lines to show', wholeNumber, 50)
    .action(async (values: { follow?: boolean; lines: number }) => {
      const { runLogs } = await import('./run-logs.ts');
      process.exitCode = await runLogs({ follow: values.follow ?? false, lines: values.lines });
    });
  program
    .command('doctor')
    .summary('check the installation')
    .description('Checks every part of Hearth and says what to do about what is wrong. Exit code 1 when something is.')
    .action(async () => {
      const { runDoctor } = await import('./run-doctor.ts');
      process.exitCode = await runDoctor();
    });
}

function addJobs(program: Command): void {
  const jobs = program
    .command('jobs')
    .summary('list, follow and cancel jobs')
    .description('Lists the jobs that are waiting or running, newest first.')
    .helpCommand(true)
    .allowExcessArguments(true)
    .option('-a, --all', 'also list jobs that have ended')
    .option(...json)
    .action(async (values: { all?: boolean; json?: boolean }, command: Command) => {
      refuseOperands(command);
      const { runJobsList } = await import('./run-jobs.ts');
      process.exitCode = await runJobsList({ all: values.all ?? false, json: values.json ?? false });
    });
  jobs
    .command('follow')
    .description('Prints the text of jobs as it is decoded, from its beginning. Ctrl-C leaves the jobs alone.')
    .argument('<id...>', 'ids of jobs, or their beginnings')
    .action(async (ids: string[]) => {
      const { runJobsFollow } = await import('./run-jobs.ts');
      process.exitCode = await runJobsFollow(ids);
    });
  jobs
    .command('cancel')
    .description('Cancels jobs.')
    .argument('<id...>', 'ids of jobs, or their beginnings')
    .action(async (ids: string[]) => {
      const { runJobsCancel } = await import('./run-jobs.ts');
      process.exitCode = await runJobsCancel(ids);
    });
}

function addHistory(program: Command): void {
  const history = program
    .command('history')
    .summary('search, show, export and delete past transcripts')
    .description('Lists past transcripts, newest first, or those that contain all the given words.')
    .helpCommand(true)
    .argument('[word...]', 'words or parts of words; "two words" for a phrase')
    .option('-n, --limit <n>', 'number of transcripts to list', wholeNumber, 20)
    .option(...json)
    .action(async (words: string[], values: { limit: number; json?: boolean }) => {
      const { listHistory } = await import('./run-history.ts');
      process.exitCode = await listHistory({ words, limit: values.limit, json: values.json ?? false });
    });
  const format = () => new Option('-f, --format <name>', 'what to write').choices(formatNames).default('txt');
  history
    .command('show')
    .description('Prints transcripts.')
    .argument('<id...>', 'ids, or their beginnings')
    .addOption(format())
    .action(async (ids: string[], values: { format: FormatName }) => {
      const { showHistory } = await import('./run-history.ts');
      process.exitCode = await showHistory({ ids, format: values.format });
    });
  history
    .command('export')
    .description('Writes all transcripts, or those named, into a folder.')
    .argument('<folder>', 'made when missing')
    .argument('[id...]', 'ids, or their beginnings')
    .addOption(format())
    .action(async (folder: string, ids: string[], values: { format: FormatName }) => {
      const { exportHistory } = await import('./run-history.ts');
      process.exitCode = await exportHistory({ folder, ids, format: values.format });
    });
  history
    .command('delete')
    .description('Deletes transcripts for good.')
    .argument('[id...]', 'ids, or their beginnings')
    .option('--all', 'all of them')
    .action(async (ids: string[], values: { all?: boolean }) => {
      const { deleteHistory } = await import('./run-history.ts');
      process.exitCode = await deleteHistory({ ids, all: values.all ?? false });
    });
}

function addModels(program: Command): void {
  const models = program
    .command('models')
    .summary('list, pull, load and delete models')
    .description('Lists the models on this machine.')
    .helpCommand(true)
    .allowExcessArguments(true)
    .option(...json)
    .action(async (values: { json?: boolean }, command: Command) => {
      refuseOperands(command);
      const { runModelsList } = await import('./run-models.ts');
      process.exitCode = await runModelsList({ json: values.json ?? false });
    });
  models
    .command('pull')
    .description('Downloads a model from the Hub; an interrupted download continues where it stopped.')
    .argument('<repository>', `such as ${recommendedModel.repository}`, given)
    .option('--revision <name>', 'a branch, a tag or a commit (default: a pinned one where Hearth has one, else main)')
    .action(async (repository: string, values: { revision?: string }) => {
      const { runModelsPull } = await import('./run-models.ts');
      process.exitCode = await runModelsPull({ repository, revision: values.revision });
    });
  models
    .command('load')
    .description('Loads a model now.')
    .argument('[name]', 'default: the model of the settings', given)
    .action(async (name?: string) => {
      const { runModelsLoad } = await import('./run-models.ts');
      process.exitCode = await runModelsLoad(name);
    });
  models
    .command('unload')
    .description('Unloads the model until the next recording.')
    .action(async () => {
      const { runModelsUnload } = await import('./run-models.ts');
      process.exitCode = await runModelsUnload();
    });
  models
    .command('delete')
    .description('Deletes a pulled model.')
    .argument('<name>', 'a name that `hearth models` lists', given)
    .action(async (name: string) => {
      const { runModelsDelete } = await import('./run-models.ts');
      process.exitCode = await runModelsDelete(name);
    });
}

/** A word after a command that only lists is a command that does not exist. */
function refuseOperands(command: Command): void {
  const [first] = command.args;
  if (first !== undefined) command.error(`unknown command '${first}'`, { code: 'commander.unknownCommand' });
}

function given(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It is empty.');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`Expected a whole number above 0, got "${text}".`);
}
