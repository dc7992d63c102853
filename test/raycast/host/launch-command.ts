import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FromWorker, Gesture, Launch, Screen, ScreenNode, ToWorker } from './messages.ts';

/** A command of the built extension that runs in its worker, and a person in front of it. */
export interface RunningCommand {
  readonly screen: Screen;
  /** The most JavaScript heap that the worker was seen to use. */
  readonly peakHeapBytes: number;
  /** Waits until the screen is so; throws what the command lets go uncaught. */
  until(condition: (screen: Screen) => boolean): Promise<Screen>;
  /** Chooses an action of the top view by its title, of the list item that has `item` as its title. */
  act(title: string, options?: { readonly item?: string }): Promise<void>;
  fill(values: Readonly<Record<string, unknown>>): Promise<void>;
  search(text: string): Promise<void>;
  /** Puts the focus on the list item of this id. */
  select(item: string): Promise<void>;
  loadMore(): Promise<void>;
  pressToast(title: string): Promise<void>;
  /** Lets all that waits longer than ten seconds have waited. */
  waitLong(): Promise<void>;
  goBack(): Promise<void>;
  closeWindow(): Promise<void>;
  /** Ends the worker, as Raycast does when a window has been closed for a while. */
  end(): Promise<void>;
}

const extensionFolder = fileURLToPath(new URL('../../../extension/dist', import.meta.url));
// Raycast's own limit is not written down; extensions were seen to die between this and twice as much.
const heapLimitMb = 64;
// A test that waits for what never comes says what it saw instead.
const limitMs = 600_000;

/** Runs a command of the built extension as Raycast does: in a worker with little memory and a bare environment. */
export function launchCommand(launch: Launch): RunningCommand {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { launch, extensionFolder },
    env: {
      HOME: launch.userHome,
      TMPDIR: join(dirname(launch.userHome), 'tmp'),
      LC_ALL: 'en_US-u-hc-h12-u-ca-gregory-u-nu-latn',
      NODE_ENV: 'production',
    },
    resourceLimits: { maxOldGenerationSizeMb: heapLimitMb },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let screen: Screen | null = null;
  let failure: Error | null = null;
  let peakHeapBytes = 0;
  let gestures = 0;
  let wakeUps: (() => void)[] = [];
  const answers = new Map<number, (failure: string | null) => void>();

  function changed(): void {
    const waiting = wakeUps;
    wakeUps = [];
    for (const wakeUp of waiting) wakeUp();
  }
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'gesture-done') return answers.get(message.number)?.(message.failure);
    screen = message.screen;
    peakHeapBytes = Math.max(peakHeapBytes, message.usedHeapBytes);
    if (screen.failure !== null) failure ??= new Error(`The command threw: ${screen.failure}`);
    changed();
  });
  worker.on('error', (error) => {
    failure ??= error;
    changed();
  });

  async function until(condition: (screen: Screen) => boolean): Promise<Screen> {
    const late = new Error();
    const timer = setTimeout(() => {
      late.message = `Expected another screen in ${limitMs / 1000} s, got ${JSON.stringify(screen)}`;
      failure ??= late;
      changed();
    }, limitMs);
    try {
      for (;;) {
        if (failure !== null) throw failure;
        if (screen !== null && condition(screen)) return screen;
        await new Promise<void>((resolve) => wakeUps.push(resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  async function perform(gesture: Gesture): Promise<void> {
    const number = gestures++;
    const answered = new Promise<string | null>((resolve) => answers.set(number, resolve));
    worker.postMessage({ type: 'gesture', number, gesture } satisfies ToWorker);
    const refused = await answered;
    if (refused !== null) throw new Error(refused);
  }

  async function topView(type: string): Promise<ScreenNode> {
    const { view } = await until(({ view }) => view?.type === type);
    return view as ScreenNode;
  }

  return {
    get screen() {
      if (screen === null) throw new Error('Expected a screen, got none yet.');
      return screen;
    },
    get peakHeapBytes() {
      return peakHeapBytes;
    },
    until,
    async act(title, { item } = {}) {
      const found = await until(({ view }) => findAction({ view, title, item }) !== undefined);
      await perform({ type: 'act', node: (findAction({ view: found.view, title, item }) as ScreenNode).id });
    },
    fill: async (values) => perform({ type: 'fill', form: (await topView('Form')).id, values }),
    search: async (text) => perform({ type: 'search', list: (await topView('List')).id, text }),
    select: async (item) => perform({ type: 'select', list: (await topView('List')).id, item }),
    loadMore: async () => perform({ type: 'load-more', list: (await topView('List')).id }),
    pressToast: (title) => perform({ type: 'press-toast', title }),
    waitLong: () => perform({ type: 'wait' }),
    goBack: () => perform({ type: 'go-back' }),
    closeWindow: () => perform({ type: 'close-window' }),
    async end() {
      await worker.terminate();
    },
  };
}

function findAction(sought: { view: ScreenNode | null; title: string; item: string | undefined }) {
  const { view, title, item } = sought;
  if (view === null) return undefined;
  const owner = item === undefined ? view : allNodes(view).find(({ props }) => props['title'] === item);
  return owner && allNodes(owner).find(({ type, props }) => isAction(type) && props['title'] === title);
}

function isAction(type: string): boolean {
  return type.startsWith('Action') || type === 'MenuBarExtra.Item';
}

/** A component and all below it, those in slots too. */
function allNodes(node: ScreenNode): ScreenNode[] {
  return [node, ...[...node.children, ...Object.values(node.slots).flat()].flatMap(allNodes)];
}
