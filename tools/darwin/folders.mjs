import { join } from 'node:path';
import { rootFolder } from '../../setup/folders.mjs';

/** The build for macOS on another system. */
export const darwinFolder = join(rootFolder, 'build', 'darwin-arm64');
export const darwinDepsFolder = join(darwinFolder, 'deps');
export const darwinBuildFolder = join(darwinFolder, 'addon');
export const darwinAddonPath = join(darwinBuildFolder, 'Release', 'hearth.node');
export const zigFolder = join(darwinFolder, `zig-${process.arch}`);
