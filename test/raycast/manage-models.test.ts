import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { pathOf } from '../engine/fork-engine.ts';
import { type HubFault, type StandInHub, startStandInHub } from '../stand-ins/hub.ts';
import type { Screen } from './host/messages.ts';
import { installHearthCommand } from './support/install-programs.ts';
import { actionsOf, itemsOf } from './support/look.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const command = 'manage-models';
const embedded = 'whisper-base-4bit';
const embeddedTitle = 'base, 4-bit';
/** One of the catalogue whose hash it does not know; the stand-in for the Hub gives the embedded model's weights for it. */
const repository = 'mlx-community/whisper-medium.en-mlx';
const repositoryTitle = 'medium.en, float16';
const commit = '8d0335069b551e8586b8a4680674403d9417dfe4';

let mac: TestMac;
afterEach(() => mac.endCommands());

/** What is said of a model: its facts by their titles, its marks and its actions. */
function modelIn({ view }: Screen, name: string) {
  const item = itemsOf(view).find(({ props }) => props['title'] === name);
  if (item === undefined) return null;
  const labels = [item].flatMap(function below(node): readonly (typeof node)[] {
    return [node, ...[...node.children, ...Object.values(node.slots).flat()].flatMap(below)];
  });
  const facts = labels.flatMap(({ type, props }) => (type.endsWith('.Label') ? [[props['title'], props['text']]] : []));
  const marks = (item.props['accessories'] as { tooltip: string }[]).map(({ tooltip }) => tooltip);
  return { facts: Object.fromEntries(facts) as Record<string, string>, marks, actions: actionsOf(item) };
}

const isHere = (name: string) => (screen: Screen) => modelIn(screen, name)?.facts['Size on Disk'] !== undefined;
const isMarked = (name: string, mark: string) => (screen: Screen) =>
  modelIn(screen, name)?.marks.includes(mark) === true;

describe('with Hearth running', () => {
  let hub: StandInHub;
  const fault: HubFault = {};

  beforeAll(async () => {
    const file = (name: string) => readFileSync(pathOf(`assets/models/${embedded}/${name}`));
    const files = { 'config.json': file('config.json'), 'model.safetensors': file('model.safetensors') };
    hub = await startStandInHub(files, fault, { repository, commit });
    mac = await startMac();
    await mac.startHearth({ environment: { HEARTH_HUB_ENDPOINT: hub.endpoint, HEARTH_MODEL: embedded } });
  });
  afterAll(async () => {
    await mac.clear();
    await hub.close();
  });

  test('models here and those worth having are shown with what is known of them', async () => {
    const raycast = mac.launch({ command });
    const screen = await raycast.until(isMarked(embeddedTitle, 'Default'));
    expect(modelIn(screen, embeddedTitle)).toMatchObject({
      facts: {
        Name: embedded,
        Languages: '99',
        'Translates to English': 'Yes',
        'Size on Disk': expect.stringMatching(/^\d+ MB$/),
        'Memory on This Mac': expect.stringMatching(/^\d+ MB at most$/),
        Speed: '7 times Whisper’s large model',
        'Word Errors': expect.stringMatching(/^5\.1 % \(.+\)$/),
      },
      actions: expect.not.arrayContaining(['Make Default', 'Remove Model', 'Open Repository', 'Download Model']),
    });
    expect(modelIn(screen, repositoryTitle)).toMatchObject({
      facts: { Name: repository, Languages: 'English', 'Translates to English': 'No' },
      marks: [],
      actions: expect.arrayContaining(['Download Model', 'Copy Name', 'Open Repository']),
    });
    await raycast.act('Open Repository', { item: repositoryTitle });
    await raycast.act('Open Source of Figures', { item: embeddedTitle });
    const { openedPages } = await raycast.until(({ openedPages }) => openedPages.length === 2);
    expect(openedPages).toEqual([`https://huggingface.co/${repository}`, expect.stringMatching(/^https:/)]);
    await raycast.act('Copy Name', { item: repositoryTitle });
    await raycast.until(({ clipboard }) => clipboard === repository);
  });

  test('a model is downloaded, also after a cancellation, loaded, unloaded and removed', async () => {
    fault.stallAfterBytes = 1_000_000;
    const raycast = mac.launch({ command });
    await raycast.act('Download Model', { item: repositoryTitle });
    await raycast.until(({ toast }) => /^\d+% of \d+ MB$/.test(toast?.message ?? ''));
    await raycast.pressToast('Cancel');
    const cancelled = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(cancelled.toast).toMatchObject({
      title: 'Cancelled.',
      message: 'The next download continues where this one stopped.',
      actions: [],
    });
    delete fault.stallAfterBytes;
    await raycast.act('Download Model', { item: repositoryTitle });
    const { toast } = await raycast.until(
      (screen) => isHere(repositoryTitle)(screen) && screen.toast?.style === 'SUCCESS',
    );
    expect(toast?.title).toBe(`${repository} is here`);
    await raycast.act('Load into Memory', { item: repositoryTitle });
    await raycast.until(isMarked(repositoryTitle, 'In memory'));
    await raycast.act('Unload from Memory', { item: repositoryTitle });
    await raycast.until((screen) => modelIn(screen, repositoryTitle)?.actions.includes('Load into Memory') === true);
    await raycast.act('Load into Memory', { item: repositoryTitle });
    await raycast.until(isMarked(repositoryTitle, 'In memory'));
    await raycast.act('Make Default', { item: repositoryTitle });
    await raycast.act('Copy Line');
    await raycast.until(({ clipboard }) => clipboard === `"model": "${repository}"`);

    const again = mac.launch({ command });
    await again.act('Remove Model', { item: repositoryTitle });
    const { alerts } = await again.until((screen) => modelIn(screen, repositoryTitle)?.actions[0] === 'Download Model');
    expect(alerts).toEqual(['Remove this model?']);
  });

  test('nothing is removed unless that is meant, and a download that fails says why', async () => {
    fault.status = 503;
    const raycast = mac.launch({ command, confirms: false });
    await raycast.act('Download Model', { item: repositoryTitle });
    const { toast } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(toast?.title).toMatch(/503/);
    delete fault.status;
    await raycast.act('Download Model', { item: repositoryTitle });
    await raycast.until(isHere(repositoryTitle));
    await raycast.act('Remove Model', { item: repositoryTitle });
    await raycast.until(({ alerts }) => alerts.length === 1);
    await raycast.act('Refresh', { item: repositoryTitle });
    await raycast.until(isHere(repositoryTitle));
  });

  test('an action on a daemon that was killed offers to start it', async () => {
    const raycast = mac.launch({ command });
    await raycast.until(isMarked(embeddedTitle, 'Default'));
    await mac.killHearth();
    await raycast.act('Load into Memory', { item: repositoryTitle });
    const { toast } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(toast).toMatchObject({ title: 'Hearth is not running.', actions: ['Start Hearth'] });
  });
});

test('if Hearth is not running, it can be started', async () => {
  mac = await startMac();
  await installHearthCommand(mac.userHome, mac.hearthHome);
  const raycast = mac.launch({ command });
  const { view } = await raycast.until(({ view }) => actionsOf(view).includes('Start Hearth'));
  expect(view?.children[0]?.props).toMatchObject({ title: 'Hearth is not running.' });
  await raycast.act('Start Hearth');
  await raycast.until(({ view }) => itemsOf(view).length > 0);
  await mac.clear();
});
