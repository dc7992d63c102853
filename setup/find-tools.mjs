import { spawnSync } from 'node:child_process';
import { findExecutable } from './find-executable.mjs';
import { installHint } from './install-hint.mjs';
import { isAtLeast } from './platform.mjs';
import { SetUpError } from './set-up-error.mjs';

// The C++20 features used by the engine. A compiler that accepts `-std=c++20` without them is too old.
const cpp20Probe =
  '#include <bit>\n#include <span>\nstatic_assert(std::has_single_bit(4u) && std::span<int>().empty());\n';
const minimumCmakeVersion = '3.25';

/**
 * Finds the tools that set-up cannot install. Reports all missing tools at once, with the command that installs each.
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
  // Without the command line tools, the `c++` on macOS only opens a dialogue.
  const hasTools = process.platform !== 'darwin' || spawnSync('xcode-select', ['-p']).status === 0;
  const path = hasTools ? findExecutable(named ? [named] : ['c++', 'g++', 'clang++']) : null;
  if (path === null) return { problem: `Expected a C++ compiler, got none on PATH. ${installHint('compiler')}` };
  const probe = spawnSync(path, [...ownArguments, '-std=c++20', '-fsyntax-only', '-x', 'c++', '-'], {
    input: cpp20Probe,
  });
  if (probe.status === 0) return { path };
  return {
    problem: `Expected a compiler that knows C++20 (gcc 11, clang 14 or newer), got ${path}. ${installHint('compiler')}`,
  };
}

function findPython() {
  const path = findExecutable(['python3', 'python']);
  const hasPython =
    path !== null && spawnSync(path, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0;
  if (!hasPython)
    return { problem: `Expected Python 3.8 or newer, got ${path ?? 'none on PATH'}. ${installHint('python')}` };
  if (spawnSync(path, ['-m', 'pip', '--version']).status === 0) return { path };
  return { problem: `Expected ${path} to have pip, got a Python without it. ${installHint('pip')}` };
}

function findNpm() {
  const path = findExecutable(['npm']);
  return path === null ? { problem: `Expected npm, got none on PATH. ${installHint('npm')}` } : { path };
}

/** Path of a CMake that is new enough, or null. */
export function findCmake() {
  const path = findExecutable(['cmake']);
  const version = path && /version ([\d.]+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout)?.[1];
  return version && isAtLeast(version, minimumCmakeVersion) ? path : null;
}
