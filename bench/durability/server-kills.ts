import { killServerDuringBatch } from '../../test/e2e/support/kill-server-during-batch.ts';
import { randomNumbers } from '../../test/e2e/support/random-numbers.ts';

/** `node bench/durability/server-kills.ts [jobs] [kills] [seed]` */
const [jobs = 20, kills = 30, seed = 1] = process.argv.slice(2).map(Number);
console.log(await killServerDuringBatch({ jobs, kills, longestLifeMs: 2500, random: randomNumbers(seed) }));
