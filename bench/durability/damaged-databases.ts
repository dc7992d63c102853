import { damageDatabase, damagedFiles } from '../../test/e2e/support/damage-databases.ts';
import { randomNumbers } from '../../test/e2e/support/random-numbers.ts';

/** `node bench/durability/damaged-databases.ts [tries of each file] [rows] [seed]` */
const [tries = 500, rows = 60, seed = 1] = process.argv.slice(2).map(Number);
for (const file of damagedFiles) {
  console.log(file, await damageDatabase({ file, rows, tries, random: randomNumbers(seed) }));
}
