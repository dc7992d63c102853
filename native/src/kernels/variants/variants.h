#pragma once

namespace hearth::kernels {

struct BlockFunctions;

/// Each in a file of its own, compiled for its instruction set; call only where the CPU has it.
const BlockFunctions& scalar_functions();
const BlockFunctions& avx2_functions();
const BlockFunctions& avx512_functions();
const BlockFunctions& neon_functions();

}  // namespace hearth::kernels
