import { disturbUploads } from '../../test/e2e/support/disturb-uploads.ts';
import { randomNumbers } from '../../test/e2e/support/random-numbers.ts';

/** `node bench/durability/disturbed-uploads.ts [uploads] [engine kills] [seed]` */
const [uploads = 200, engineKills = 5, seed = 1] = process.argv.slice(2).map(Number);
console.log(await disturbUploads({ uploads, engineKills, random: randomNumbers(seed) }));
