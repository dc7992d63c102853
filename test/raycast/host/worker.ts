import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { createFormValues, isField } from './form-values.ts';
import { holdLongTimers } from './long-timers.ts';
import { createMac } from './mac.ts';
import type { FromWorker, Gesture, Launch, Screen, ToWorker } from './messages.ts';
import { createRaycastApi } from './raycast-api.ts';
import { type Element, React } from './react.ts';
import { refuseFolders } from './refuse-folders.ts';
import { asEvent, createTree, describe, type Instance, walk } from './render-tree.ts';
import { standInForClones } from './stand-in-clones.ts';
import { standInForPrograms } from './stand-in-programs.ts';

interface Manifest {
  readonly preferences: readonly Preference[];
  readonly commands: readonly { readonly name: string; readonly mode: string; readonly preferences?: Preference[] }[];
}

interface Preference {
  readonly name: string;
  readonly type: string;
  readonly default?: unknown;
  /** The menu of a dropdown. */
  readonly data?: readonly { readonly value: string }[];
}

const { launch, extensionFolder } = workerData as { launch: Launch; extensionFolder: string };
const port = parentPort as NonNullable<typeof parentPort>;
const manifest = JSON.parse(readFileSync(join(extensionFolder, 'package.json'), 'utf8')) as Manifest;
const manifestCommand = manifest.commands.find(({ name }) => name === launch.command);
const formValues = createFormValues();
let isPosting = false;

const mac = createMac(() => {
  tree.render(renderStack());
  post();
});
const tree = createTree({ onCommit: post, onError: fail });

// What the extension sees of its surroundings is a Mac's; this file and Node itself have been loaded already.
Object.defineProperty(process, 'platform', { value: 'darwin' });
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
standInForPrograms(launch.programs ?? {});
if (launch.clones === true) standInForClones();
refuseFolders(launch.refusedFolders ?? []);
const longTimers = holdLongTimers();
const api = createRaycastApi({
  launch,
  mac,
  preferences: preferences(),
  assetsFolder: join(extensionFolder, 'assets'),
  mode: manifestCommand?.mode ?? 'tool',
});
replaceModules({
  '@raycast/api': api,
  react: React,
  'react/jsx-runtime': createRequire(import.meta.url)('react/jsx-runtime'),
});
port.on('message', ({ number, gesture }: ToWorker) => {
  let failure: string | null = null;
  try {
    void Promise.resolve(asEvent(() => perform(gesture))).catch(fail);
  } catch (error) {
    failure = (error as Error).message;
  }
  send({ type: 'gesture-done', number, failure });
});
await start();

async function start(): Promise<void> {
  const load = createRequire(join(extensionFolder, 'package.json'));
  const command = load(join(extensionFolder, `${launch.command}.js`)) as { default: (input: unknown) => unknown };
  if (manifestCommand !== undefined && manifestCommand.mode !== 'no-view') {
    const props = { launchType: 'userInitiated', arguments: {}, fallbackText: launch.fallbackText };
    mac.push(React.createElement(command.default, props));
    return;
  }
  // Sent once the command has come to its first wait.
  post();
  try {
    mac.change({ result: await command.default(launch.input) });
  } catch (error) {
    fail(error);
  }
  mac.change({ isDone: true });
}

/** Names that the manifest does not have would be a mistake of the test. */
function preferences(): Record<string, unknown> {
  const known = [...manifest.preferences, ...(manifestCommand?.preferences ?? [])];
  const values: Record<string, unknown> = Object.fromEntries(known.map((each) => [each.name, each.default]));
  for (const [name, value] of Object.entries(launch.preferences ?? {})) {
    const preference = known.find((each) => each.name === name);
    if (preference === undefined) throw new Error(`Expected a preference of the manifest, got ${name}.`);
    const { type, data = [] } = preference;
    if (type === 'dropdown' && !data.some((choice) => choice.value === value)) {
      throw new Error(`Expected a choice of the preference ${name}, got ${value}.`);
    }
    values[name] = value;
  }
  return values;
}

function replaceModules(replacements: Readonly<Record<string, unknown>>): void {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = loader._load;
  loader._load = (request, ...rest) => replacements[request] ?? load.call(loader, request, ...rest);
}

/** Views below the top one stay mounted, as they do in Raycast. */
function renderStack(): Element {
  const views = mac.state.isWindowOpen
    ? mac.stack.map(({ key, element }) => React.createElement('view', { key }, element))
    : [];
  return React.createElement(React.Fragment, null, ...views);
}

function perform(gesture: Gesture): unknown {
  if (gesture.type === 'act') return act(find(gesture.node));
  if (gesture.type === 'press-toast') return mac.pressToast(gesture.title);
  if (gesture.type === 'fill') return formValues.fill(find(gesture.form), gesture.values);
  if (gesture.type === 'search') return handlerOf(find(gesture.list), 'onSearchTextChange')(gesture.text);
  if (gesture.type === 'select') return handlerOf(find(gesture.list), 'onSelectionChange')(gesture.item);
  if (gesture.type === 'wait') return longTimers.fire();
  if (gesture.type === 'go-back') return mac.pop();
  if (gesture.type === 'close-window') return mac.change({ isWindowOpen: false });
  const { hasMore, onLoadMore } = find(gesture.list).props['pagination'] as { hasMore: boolean; onLoadMore(): void };
  if (!hasMore) throw new Error('Expected a list that has more, got its end.');
  return onLoadMore();
}

function act(action: Instance): unknown {
  const { props, type } = action;
  if (type === 'Action.Push') return mac.push(props['target'] as Element, props['onPop'] as (() => void) | undefined);
  if (type === 'Action.ShowInFinder') {
    return mac.change({ shownInFinder: [...mac.state.shownInFinder, props['path'] as string] });
  }
  if (type === 'Action.OpenInBrowser') {
    return mac.change({ openedPages: [...mac.state.openedPages, props['url'] as string] });
  }
  if (type === 'Action.CopyToClipboard') {
    // developers.raycast.com/api-reference/user-interface/actions: the window is closed and a HUD is shown.
    const huds = [...mac.state.huds, 'Copied to Clipboard'];
    return mac.change({ clipboard: props['content'] as string, huds, isWindowOpen: false });
  }
  if (type === 'Action.SubmitForm') {
    const form = [...walk(topView())].find((instance) => instance.type === 'Form') as Instance;
    return handlerOf(action, 'onSubmit')(formValues.gather(form));
  }
  return handlerOf(action, 'onAction')();
}

function handlerOf({ type, props }: Instance, name: string): (...args: unknown[]) => unknown {
  const handler = props[name];
  if (typeof handler === 'function') return handler as (...args: unknown[]) => unknown;
  throw new Error(`Expected ${type} to have ${name}, got none.`);
}

function find(id: number): Instance {
  for (const instance of walk(topView())) if (instance.id === id) return instance;
  throw new Error(`Expected a component ${id} in the top view, got none.`);
}

function topView(): readonly Instance[] {
  return tree.instances().at(-1)?.children ?? [];
}

function fail(error: unknown): void {
  if (mac.state.failure === null) mac.change({ failure: (error as Error).stack ?? String(error) });
}

/** What changes together is sent together. */
function post(): void {
  if (isPosting) return;
  isPosting = true;
  setImmediate(() => {
    isPosting = false;
    send({ type: 'screen', screen: currentScreen(), usedHeapBytes: getHeapStatistics().used_heap_size });
  });
}

function currentScreen(): Screen {
  const [top] = topView();
  const fieldValue = (instance: Instance) => (isField(instance) ? { value: formValues.valueIn(instance) } : {});
  return {
    ...mac.state,
    view: top === undefined ? null : describe(top, fieldValue),
    depth: mac.stack.length,
    toast: mac.toast,
  };
}

function send(message: FromWorker): void {
  port.postMessage(message);
}
