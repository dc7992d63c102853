import { fileURLToPath } from 'node:url';

/** The `assets` folder of this installation: three levels up, from the sources as from their build. */
export const assetsFolder = fileURLToPath(new URL('../../../assets', import.meta.url));
