import { spawnSync } from 'node:child_process';
import { findExecutable } from './find-executable.mjs';
import { installHint } from './install-hint.mjs';
import { isAtLeast } from './platform.mjs';
import { SetUpError } from './set-up-error.mjs';

// What the engine uses of C++20; a compiler that accepts `-std=c++20` without these is too old.
const cpp20Probe =
  '#include <bit>\n#include <span>\nstatic_assert(std::has_single_bit(4u) && std::span<int>().empty());\n';
const minimumCmakeVersion = '3.25';

/**
 * Finds what set-up cannot bring itself. Every missing tool is named at once, with the command that installs it.
 * @throws SetUpError
 */
export function requireTools(tools) {
  const finders = { compiler: findCompiler, python: findPython, npm: findNpm };
  const found = {};
  const missing = [];
  for (const tool of tools) {
    const result = finders[tool]();
    if (result.problem) missing.push(result.problem);
    else found[tool] = result.path;
  }
  if (missing.length > 0) throw new SetUpError(missing.join('\n'));
  return found;
}

function findCompiler() {
  const [named, ...ownArguments] = process.env.CXX?.split(' ') ?? [];
  // Without the command line tools macOS has a `c++` that only opens a dialogue.
  const hasTools = process.platform !== 'darwin' || spawnSync('xcode-select', ['-p']).status === 0;
  const path = hasTools ? findExecutable(named ? [named] : ['c++', 'g++', 'clang++']) : null;
  if (path === null) return { problem: `No C++ compiler was found on PATH. ${installHint('compiler')}` };
  const probe = spawnSync(path, [...ownArguments, '-std=c++20', '-fsyntax-only', '-x', 'c++', '-'], {
    input: cpp20Probe,
  });
  if (probe.status === 0) return { path };
  return {
    problem: `Expected a compiler for C++20 (gcc 11, clang 14 or newer), got ${path}. ${installHint('compiler')}`,
  };
}

function findPython() {
  const path = findExecutable(['python3', 'python']);
  const hasPython =
    path !== null && spawnSync(path, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0;
  if (!hasPython)
    return { problem: `Expected Python 3.8 or newer, got ${path ?? 'none on PATH'}. ${installHint('python')}` };
  if (spawnSync(path, ['-m', 'pip', '--version']).status === 0) return { path };
  return { problem: `${path} has no pip. ${installHint('pip')}` };
}

function findNpm() {
  const path = findExecutable(['npm']);
  return path === null ? { problem: `npm was not found on PATH. ${installHint('npm')}` } : { path };
}

/** Path of a CMake that is new enough, or null. */
export function findCmake() {
  const path = findExecutable(['cmake']);
  const version = path && /version ([\d.]+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout)?.[1];
  return version && isAtLeast(version, minimumCmakeVersion) ? path : null;
}
