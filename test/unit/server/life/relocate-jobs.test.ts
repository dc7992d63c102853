import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import type { StoredJob } from '../../../../daemon/src/server/jobs/stored-job.ts';
import { relocateJobs } from '../../../../daemon/src/server/life/relocate-jobs.ts';

function stored(uploaded: boolean, modelFolder: string): StoredJob {
  return {
    accepted: {
      ...{ id: 'a', client: '', createdAt: new Date(0), audioPath: '/old/home/spool/upload', uploaded, name: null },
      ...{ modelFolder, options: {}, priority: 'bulk', detached: true, kept: true },
    },
    ended: null,
  };
}

const here = async (path: string) => path;

test('an upload that was put elsewhere before its job has ended is found there', async () => {
  const models = { find: async () => ({ name: 'base', folder: '/models/base' }) };
  const find = async (path: string) => path.replace('/spool/', '/lost-recordings/');
  const places = { spoolFolder: '/home/spool', find, models };
  const [job] = await relocateJobs([stored(true, tmpdir())], places);
  expect(job?.accepted.audioPath).toBe('/home/lost-recordings/upload');
});

test('uploads are found in a home that was moved, files of others where they lie', async () => {
  const models = { find: async () => ({ name: 'base', folder: '/models/base' }) };
  const promised = await relocateJobs([stored(true, tmpdir()), stored(false, tmpdir())], {
    ...{ spoolFolder: '/new/home/spool', find: here, models },
  });
  expect(promised.map(({ accepted }) => accepted.audioPath)).toEqual([
    ...['/new/home/spool/upload', '/old/home/spool/upload'],
  ]);
});

test('a model that an update moved is looked for once, however many jobs need it, and one that is here is not', async () => {
  let searches = 0;
  const find = async () => {
    searches++;
    return { name: 'base', folder: '/models/base' };
  };
  const jobs = [...Array.from({ length: 1000 }, () => stored(true, '/gone')), stored(true, tmpdir())];
  const promised = await relocateJobs(jobs, { spoolFolder: '/spool', find: here, models: { find } });
  expect(new Set(promised.map(({ accepted }) => accepted.modelFolder))).toEqual(new Set(['/models/base', tmpdir()]));
  expect(searches).toBe(1);
});

test('a job whose model is nowhere keeps it, and fails by itself when its turn comes', async () => {
  const find = () => Promise.reject(new Error('no model'));
  const [job] = await relocateJobs([stored(true, '/gone')], { spoolFolder: '/spool', find: here, models: { find } });
  expect(job?.accepted.modelFolder).toBe('/gone');
});
