import { expect, test } from '@jest/globals';
import { createLiveFeeds } from '../../../../daemon/src/engine/live/live-feed.ts';
import type { EngineTask, LiveMark } from '../../../../daemon/src/protocol/engine-messages.ts';
import { defaultEngineLimits } from '../../../../daemon/src/server/supervisor/engine-limits.ts';
import { addTask, growTask } from '../../../../daemon/src/server/supervisor/open-work.ts';
import type { EngineSettings } from '../../../../daemon/src/server/supervisor/supervisor.ts';
import { initialState, type SupervisorState } from '../../../../daemon/src/server/supervisor/supervisor-state.ts';

const settings: EngineSettings = {
  modelFolder: '/models/a',
  threads: null,
  preset: 'auto',
  draftFolder: null,
  arithmetic: 'exact',
  minFreeDiskBytes: 0,
  keepAliveMs: 1000,
  memoryBudgetBytes: null,
  keptFolders: [],
};

test('an engine is told each mark once, and knows all of them', () => {
  const first = { byteCount: 44, isEnded: false, marks: [{ type: 'commit', atByte: 44 }] as readonly LiveMark[] };
  const turns = { detection: 'marks', silenceSeconds: null, paddingSeconds: null } as const;
  const task: EngineTask = {
    ...{ jobId: 'live', audioPath: '/talk.wav', modelFolder: '/models/a', options: {}, priority: 'interactive' },
    live: { progress: first, turns, resume: null },
  };
  const [added] = addTask(initialState(settings, defaultEngineLimits), task);
  const open = added.tasks.get('live');
  if (open === undefined) throw new Error('Expected a task.');
  let state: SupervisorState = {
    ...added,
    phase: { name: 'ready' } as SupervisorState['phase'],
    tasks: new Map([['live', { ...open, isSent: true }]]),
  };
  const feeds = createLiveFeeds();
  const feed = feeds.open('live', first);
  let told = 0;
  let { marks } = first;
  for (let i = 1; i <= 100; i++) {
    if (i % 10 === 0) marks = [...marks, { type: 'commit', atByte: 44 + i }];
    const [next, effects] = growTask(state, { jobId: 'live', progress: { byteCount: 44 + i, isEnded: false, marks } });
    state = next;
    for (const effect of effects) {
      if (effect.type !== 'send' || effect.command.type !== 'live-grown') throw new Error('Expected news.');
      told += effect.command.news.newMarks.length;
      feeds.update('live', effect.command.news);
    }
  }
  expect(told).toBe(10);
  expect(feed.progress()).toEqual({ byteCount: 144, isEnded: false, marks });
});

test('the end of a turn is what the client says about its sound, not that more has come', async () => {
  const feeds = createLiveFeeds();
  const feed = feeds.open('live', { byteCount: 44, isEnded: false, marks: [] });
  const seen = feed.progress();
  const { signal } = new AbortController();
  const told: string[] = [];
  const ended = feed.turnEnded(seen, signal).then(() => told.push('ended'));
  for (const byteCount of [100, 200]) {
    const more = feed.changed(feed.progress(), signal);
    feeds.update('live', { byteCount, isEnded: false, newMarks: [] });
    await more;
  }
  // Whoever waits for the end has heard of both by then, too.
  await new Promise(setImmediate);
  expect(told).toEqual([]);
  feeds.update('live', { byteCount: 200, isEnded: false, newMarks: [{ type: 'commit', atByte: 144 }] });
  await ended;
  const given = new AbortController();
  const givenUp = feed.turnEnded(feed.progress(), given.signal);
  given.abort();
  await givenUp;
  const last = feed.turnEnded(feed.progress(), signal);
  feeds.update('live', { byteCount: 200, isEnded: true, newMarks: [] });
  await last;
});
