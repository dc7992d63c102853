import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Screen } from './host/messages.ts';
import { installHearthCommand } from './support/install-programs.ts';
import { actionsOf, itemsOf } from './support/look.ts';
import { startMac, type TestMac } from './support/start-mac.ts';

const command = 'edit-words';

let mac: TestMac;
afterEach(() => mac.endCommands());

const shown = ({ view }: Screen) => itemsOf(view).map(({ props }) => [props['title'], props['subtitle']].join(': '));
const shows =
  (...entries: readonly string[]) =>
  (screen: Screen) =>
    screen.view?.type === 'List' && shown(screen).join() === entries.join();
const isForm = ({ view }: Screen) => view?.type === 'Form';

describe('with Hearth running', () => {
  beforeAll(async () => {
    mac = await startMac();
    await mac.startHearth();
  });
  afterAll(() => mac.clear());
  beforeEach(async () => {
    await mac.ask({ method: 'DELETE', path: '/v1/words' });
  });

  const inFile = () => JSON.parse(readFileSync(join(mac.hearthHome, 'words.json'), 'utf8')).words;

  test('words are added from an empty list, changed and removed', async () => {
    const raycast = mac.launch({ command });
    const { view } = await raycast.until(({ view }) => view?.props['isLoading'] === false);
    expect(view?.children[0]?.props).toMatchObject({ title: 'No words yet' });
    await raycast.act('Add Words');
    await raycast.until(isForm);
    await raycast.fill({ say: ' at sign ', write: '@' });
    await raycast.act('Save');
    await raycast.until(shows('at sign: @'));
    await raycast.act('Edit Words', { item: 'at sign' });
    await raycast.until(isForm);
    await raycast.fill({ say: 'my address', write: '1 High Street\nOxford' });
    await raycast.act('Save');
    await raycast.until(shows('my address: 1 High Street ⏎ Oxford'));
    expect(inFile()).toEqual([{ say: 'my address', write: '1 High Street\nOxford' }]);
    await raycast.act('Edit Words', { item: 'my address' });
    await raycast.until(isForm);
    await raycast.fill({ say: 'My Address' });
    await raycast.act('Save');
    await raycast.until(shows('My Address: 1 High Street ⏎ Oxford'));
    await raycast.act('Remove Words', { item: 'My Address' });
    await raycast.until(shows());
    expect(inFile()).toEqual([]);
  });

  test('names are added to the dictionary, changed and removed', async () => {
    const dictionaryInFile = () => JSON.parse(readFileSync(join(mac.hearthHome, 'words.json'), 'utf8')).dictionary;
    const raycast = mac.launch({ command });
    await raycast.until(({ view }) => view?.props['isLoading'] === false);
    await raycast.act('Add Name');
    await raycast.until(isForm);
    await raycast.fill({ word: ' Kubernetes ', soundsLike: 'cooper netties, ,cuban at ease' });
    await raycast.act('Save');
    await raycast.until(shows('Kubernetes: cooper netties, cuban at ease'));
    expect(dictionaryInFile()).toEqual([{ word: 'Kubernetes', soundsLike: ['cooper netties', 'cuban at ease'] }]);
    await raycast.act('Edit Name', { item: 'Kubernetes' });
    await raycast.until(isForm);
    await raycast.fill({ word: 'Tilney', soundsLike: '' });
    await raycast.act('Save');
    await raycast.until(shows('Tilney: '));
    await raycast.act('Remove Name', { item: 'Tilney' });
    await raycast.until(shows());
    expect(dictionaryInFile()).toBeUndefined();
  });

  test('words without a letter are not sent, and nothing is removed unless that is meant', async () => {
    const raycast = mac.launch({ command, confirms: false });
    await raycast.act('Add Words');
    await raycast.until(isForm);
    await raycast.fill({ say: ' - ', write: 'x' });
    await raycast.act('Save');
    const { view } = await raycast.until(({ view }) =>
      JSON.stringify(view).includes('Enter the words as you say them'),
    );
    expect(view?.type).toBe('Form');
    await raycast.fill({ say: 'x', write: '' });
    await raycast.act('Save');
    await raycast.until(shows('x: '));
    await raycast.act('Remove Words', { item: 'x' });
    await raycast.until(({ alerts }) => alerts[0] === 'Remove these words?');
    expect(inFile()).toEqual([{ say: 'x', write: '' }]);
  });

  test('what is wrong in the file is shown, and a failure to save is told', async () => {
    const path = join(mac.hearthHome, 'words.json');
    writeFileSync(path, '{"words":[{"say":"a","write":"b"},{"say":1}]}');
    const first = mac.launch({ command });
    const { view } = await first.until(({ view }) => itemsOf(view).length === 2);
    expect(itemsOf(view).map(({ props }) => props['title'])).toEqual([
      'a',
      expect.stringMatching(/^Entry 2 of .* is not used/),
    ]);
    writeFileSync(path, '{');
    const raycast = mac.launch({ command });
    await raycast.act('Add Words');
    await raycast.until(isForm);
    await raycast.fill({ say: 'a', write: 'b' });
    await raycast.act('Save');
    const { toast } = await raycast.until(({ toast }) => toast?.style === 'FAILURE');
    expect(toast?.title).toMatch(/^Expected JSON in .*words\.json, got something else\.$/);
    expect(readFileSync(path, 'utf8')).toBe('{');
  });
});

test('if Hearth is not running, it can be started', async () => {
  mac = await startMac();
  await installHearthCommand(mac.userHome, mac.hearthHome);
  const raycast = mac.launch({ command });
  const { view } = await raycast.until(({ view }) => actionsOf(view).includes('Start Hearth'));
  expect(view?.children[0]?.props).toMatchObject({ title: 'Hearth is not running.' });
  await raycast.act('Start Hearth');
  await raycast.until(({ view }) => view?.children[0]?.props['title'] === 'No words yet');
  await mac.clear();
});
