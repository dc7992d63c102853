import { fuzzFiles } from '../../test/engine/support/fuzz/fuzz-files.ts';

/** `node bench/durability/fuzzed-recordings.ts [files] [seed]`: recordings, models, vocabularies and caches. */
const [files = 10_000, seed = 1] = process.argv.slice(2).map(Number);
const { outcomes, faults } = await fuzzFiles({
  files,
  seed,
  onReport: ({ tried, residentBytes }) =>
    console.log({
      tried,
      at: new Date().toISOString().slice(11, 19),
      megabytes: Math.round(residentBytes / 1_000_000),
    }),
});
console.log({ files, outcomes });
for (const fault of faults) console.log(fault);
if (faults.length > 0) process.exitCode = 1;
