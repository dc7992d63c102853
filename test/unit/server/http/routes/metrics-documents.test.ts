import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

const read = (name: string) => readFileSync(new URL(`../../../../../docs/${name}`, import.meta.url), 'utf8');
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

let served: Served;
let scraped: string;

/** What Prometheus would store: the names of series, those of a histogram's parts included. */
let names: ReadonlySet<string>;

beforeAll(async () => {
  served = await serveStandIn();
  const answered = served.ask({ path: '/v1/transcriptions', body: 'sound' });
  (await served.nextRun()).finish('heard');
  await answered;
  scraped = (await served.ask({ path: '/metrics' })).text;
  names = new Set([...scraped.matchAll(/^(\w+)[ {]/gm)].map(([, name]) => name as string));
});

afterAll(() => served.close());

const whenInstalled = hasPromtool ? test : test.skip;
const reason = hasPromtool ? '' : ' (not run: promtool is not installed)';

whenInstalled(`promtool finds nothing to complain of${reason}`, () => {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: scraped,
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  // It does complain of others.
  expect(spawnSync('promtool', ['check', 'metrics'], { input: '# TYPE a counter\na 1\n' }).status).not.toBe(0);
});

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly w: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}

test('the dashboard asks only for metrics that there are', () => {
  const { panels, templating } = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
  const queries = [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...templating.list.map(({ query }) => query),
  ];
  const asked = queries.flatMap((query) => query.match(/\bhearth_\w+/g) ?? []);
  expect(asked.length).toBeGreaterThan(panels.length);
  expect(asked.filter((name) => !names.has(name))).toEqual([]);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
});

whenInstalled(
  `Prometheus understands every query of the dashboard and the page, and the page's configuration${reason}`,
  () => {
    const { panels } = JSON.parse(read('grafana-dashboard.json')) as Dashboard;
    const alarms = blockOf('promql').trim().split('\n');
    const queries = [...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)), ...alarms];
    const rules = queries.map((expr, index) => ({
      record: `dashboard:query_${index}`,
      // What Grafana puts in.
      expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '6h').replaceAll('$instance', '.*'),
    }));
    // JSON is YAML.
    expect(check('rules', JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))).toEqual({
      status: 0,
      stderr: '',
    });
    expect(
      check('rules', JSON.stringify({ groups: [{ name: 'a', rules: [{ record: 'b', expr: 'sum(' }] }] })).status,
    ).toBe(1);
    expect(check('config', blockOf('yaml'))).toEqual({ status: 0, stderr: '' });
    for (const [name] of alarms.join().matchAll(/\bhearth_\w+/g)) expect(names).toContain(name);
  },
);

function blockOf(language: string): string {
  return new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(read('metrics.md'))?.[1] ?? '';
}

function check(kind: 'rules' | 'config', text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-promtool-'));
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, text);
  writeFileSync(join(folder, 'hearth-token'), 'secret');
  const { status, stderr } = spawnSync('promtool', ['check', kind, file], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return { status, stderr };
}

test('the page describes every metric, and no other', () => {
  const families = [...scraped.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
  const described = [...read('metrics.md').matchAll(/^\| `(hearth_\w+)`[^|]* \| (\w+) \|/gm)].map(
    ([, name, type]) => `${name} ${type}`,
  );
  expect(described.toSorted()).toEqual(families.toSorted());
});
