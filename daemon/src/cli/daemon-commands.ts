import { type Command, InvalidArgumentError, Option } from 'commander';
import { type FormatName, formats } from '../formats/formats.ts';
import { recommendedModel } from '../settings/default-model.ts';

const formatNames = Object.keys(formats) as FormatName[];
const json = ['--json', 'the answer of the daemon as it is'] as const;

/** What looks into the daemon: `jobs`, `history`, `models`, `logs` and `doctor`. */
export function addDaemonCommands(program: Command): void {
  addJobs(program);
  addHistory(program);
  addModels(program);
  program
    .command('logs')
    .summary('show what the daemon writes down')
    .description("Shows the daemon's log, which never holds what a recording says.")
    .option('-f, --follow', 'go on with what comes')
    .option('-n, --lines <n>', 'lines of the past', wholeNumber, 50)
    .action(async (values: { follow?: boolean; lines: number }) => {
      const { runLogs } = await import('./run-logs.ts');
      process.exitCode = await runLogs({ follow: values.follow ?? false, lines: values.lines });
    });
  program
    .command('doctor')
    .summary('check every part and say what to do')
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
    .description('Lists the jobs that wait or run, the newest first.')
    .option('-a, --all', 'those that ended too')
    .option(...json)
    .action(async (values: { all?: boolean; json?: boolean }) => {
      const { listJobs } = await import('./run-jobs.ts');
      process.exitCode = await listJobs({ all: values.all ?? false, json: values.json ?? false });
    });
  jobs
    .command('follow')
    .description('Prints the text of jobs as it is decoded, from its beginning. Ctrl-C leaves the jobs alone.')
    .argument('<id...>', 'ids of jobs, or their beginnings')
    .action(async (ids: string[]) => {
      const { followJobs } = await import('./run-jobs.ts');
      process.exitCode = await followJobs(ids);
    });
  jobs
    .command('cancel')
    .description('Cancels jobs.')
    .argument('<id...>', 'ids of jobs, or their beginnings')
    .action(async (ids: string[]) => {
      const { cancelJobs } = await import('./run-jobs.ts');
      process.exitCode = await cancelJobs(ids);
    });
}

function addHistory(program: Command): void {
  const history = program
    .command('history')
    .summary('search, show, export and delete transcripts of the past')
    .description('Lists transcripts of the past, the newest first, or those that hold all the words given.')
    .argument('[word...]', 'words or parts of words; "two words" for a phrase')
    .option('-n, --limit <n>', 'how many', wholeNumber, 20)
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
    .option(...json)
    .action(async (values: { json?: boolean }) => {
      const { listModels } = await import('./run-models.ts');
      process.exitCode = await listModels({ json: values.json ?? false });
    });
  models
    .command('pull')
    .description('Downloads a model from the Hub; one that was cut short goes on where it stopped.')
    .argument('<repository>', `such as ${recommendedModel.repository}`)
    .option('--revision <name>', 'a branch, a tag or a commit (default: a pinned one where Hearth has one, else main)')
    .action(async (repository: string, values: { revision?: string }) => {
      const { pullModel } = await import('./run-models.ts');
      process.exitCode = await pullModel({ repository, revision: values.revision });
    });
  models
    .command('load')
    .description('Makes a model ready now.')
    .argument('[name]', 'default: the model of the settings')
    .action(async (name?: string) => {
      const { loadModel } = await import('./run-models.ts');
      process.exitCode = await loadModel(name);
    });
  models
    .command('unload')
    .description('Lets go of the resident model until the next recording.')
    .action(async () => {
      const { unloadModel } = await import('./run-models.ts');
      process.exitCode = await unloadModel();
    });
  models
    .command('delete')
    .description('Deletes a pulled model.')
    .argument('<name>')
    .action(async (name: string) => {
      const { deleteModel } = await import('./run-models.ts');
      process.exitCode = await deleteModel(name);
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError(`Expected a whole number above 0, got "${text}".`);
}
