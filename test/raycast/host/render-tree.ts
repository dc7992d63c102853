import { createRequire } from 'node:module';
import type { ScreenNode } from './messages.ts';

const require = createRequire(import.meta.url);

/** A component on the screen. */
export interface Instance {
  readonly id: number;
  readonly type: string;
  props: Readonly<Record<string, unknown>>;
  readonly children: Instance[];
}

/** A root of components, as the reconciler keeps it. */
export interface TreeRoot {
  /** Renders another element in the place of the last; null takes everything away. */
  render(element: unknown): void;
  /** The components as they are now. */
  instances(): readonly Instance[];
}

export interface TreeRequest {
  readonly onCommit: () => void;
  readonly onError: (error: unknown) => void;
}

const eventLane = 2;
const defaultLane = 32;
let nextId = 1;
let currentLane = 0;

// What `react-reconciler` 0.31 calls, for a tree that is changed in place and drawn nowhere.
const reconcile = require('react-reconciler')({
  supportsMutation: true,
  supportsPersistence: false,
  supportsHydration: false,
  isPrimaryRenderer: true,
  warnsIfNotActing: false,
  noTimeout: -1,
  scheduleTimeout: setTimeout,
  cancelTimeout: clearTimeout,
  supportsMicrotasks: true,
  scheduleMicrotask: queueMicrotask,
  NotPendingTransition: null,
  HostTransitionContext: { $$typeof: Symbol.for('react.context'), _currentValue: null, _currentValue2: null },
  createInstance: (type: string, props: Instance['props']): Instance => ({
    id: nextId++,
    type,
    props: withoutChildren(props),
    children: [],
  }),
  createTextInstance: (text: string): Instance => {
    if (text.trim() === '') return { id: nextId++, type: 'text', props: { text }, children: [] };
    throw new Error(`Expected Raycast's components, got the bare text "${text}".`);
  },
  appendInitialChild: append,
  appendChild: append,
  appendChildToContainer: append,
  insertBefore: insert,
  insertInContainerBefore: insert,
  removeChild: remove,
  removeChildFromContainer: remove,
  clearContainer: (root: Instance) => root.children.splice(0),
  commitUpdate: (instance: Instance, _type: string, _old: unknown, props: Instance['props']) => {
    instance.props = withoutChildren(props);
  },
  commitTextUpdate: () => undefined,
  finalizeInitialChildren: () => false,
  shouldSetTextContent: () => false,
  getRootHostContext: () => null,
  getChildHostContext: () => null,
  // What a `ref` to a form field holds.
  getPublicInstance: () => ({ focus: () => undefined, reset: () => undefined }),
  prepareForCommit: () => null,
  resetAfterCommit: (root: { onCommit: () => void }) => root.onCommit(),
  preparePortalMount: () => undefined,
  detachDeletedInstance: () => undefined,
  getInstanceFromNode: () => null,
  beforeActiveInstanceBlur: () => undefined,
  afterActiveInstanceBlur: () => undefined,
  prepareScopeUpdate: () => undefined,
  getInstanceFromScope: () => null,
  setCurrentUpdatePriority: (lane: number) => {
    currentLane = lane;
  },
  getCurrentUpdatePriority: () => currentLane,
  resolveUpdatePriority: () => currentLane || defaultLane,
  shouldAttemptEagerTransition: () => false,
  trackSchedulerEvent: () => undefined,
  resolveEventType: () => null,
  resolveEventTimeStamp: () => -1,
  requestPostPaintCallback: () => undefined,
  resetFormInstance: () => undefined,
  maySuspendCommit: () => false,
  preloadInstance: () => true,
  startSuspendingCommit: () => undefined,
  suspendInstance: () => undefined,
  waitForCommitToBeReady: () => null,
});

/** Renders components to a tree of plain instances. */
export function createTree({ onCommit, onError }: TreeRequest): TreeRoot {
  const root = { id: 0, type: 'root', props: {}, children: [] as Instance[], onCommit };
  const container = reconcile.createContainer(root, 1, null, false, null, '', onError, onError, onError, null);
  return {
    render: (element) => reconcile.updateContainer(element, container, null, null),
    instances: () => root.children,
  };
}

/** Does what a person's gesture sets off; what it changes is rendered when this returns. */
export function asEvent<Result>(work: () => Result): Result {
  currentLane = eventLane;
  try {
    return work();
  } finally {
    currentLane = 0;
    reconcile.flushSyncWork();
  }
}

/** An instance as plain data. Slots are children that a component made of its props. */
export function describe(instance: Instance, extra: (instance: Instance) => Record<string, unknown>): ScreenNode {
  const slots = instance.children.filter(({ type }) => type === 'slot');
  return {
    id: instance.id,
    type: instance.type,
    props: { ...(plain(instance.props) as Record<string, unknown>), ...extra(instance) },
    slots: Object.fromEntries(
      slots.map((slot) => [slot.props['name'] as string, slot.children.map((child) => describe(child, extra))]),
    ),
    children: instance.children.filter(isShown).map((child) => describe(child, extra)),
  };
}

/** Every instance of a tree, the outer before the inner. */
export function* walk(instances: readonly Instance[]): Generator<Instance> {
  for (const instance of instances) {
    yield instance;
    yield* walk(instance.children);
  }
}

function isShown({ type }: Instance): boolean {
  return type !== 'slot' && type !== 'text';
}

function plain(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function withoutChildren({ children: _, ...props }: Record<string, unknown>): Record<string, unknown> {
  return props;
}

function append(parent: Instance, child: Instance): void {
  remove(parent, child);
  parent.children.push(child);
}

function insert(parent: Instance, child: Instance, before: Instance): void {
  remove(parent, child);
  parent.children.splice(parent.children.indexOf(before), 0, child);
}

function remove(parent: Instance, child: Instance): void {
  const index = parent.children.indexOf(child);
  if (index !== -1) parent.children.splice(index, 1);
}
