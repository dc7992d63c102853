import { join } from 'node:path';
import { rootFolder } from '../../setup/folders.mjs';

/** The build for macOS on another system. */
export const darwinFolder = join(rootFolder, 'build', 'darwin-arm64');
export const darwinDepsFolder = join(darwinFolder, 'deps');
export const darwinBuildFolder = ({ optimize }) => join(darwinFolder, optimize ? 'addon' : 'addon-not-optimized');
export const darwinAddonPath = ({ optimize }) => join(darwinBuildFolder({ optimize }), 'Release', 'hearth.node');
export const darwinMicrophonePath = ({ optimize }) =>
  join(darwinBuildFolder({ optimize }), 'Release', 'hearth-microphone');
export const zigFolder = join(darwinFolder, `zig-${process.arch}`);
