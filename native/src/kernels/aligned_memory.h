#pragma once

#include <new>

namespace hearth::kernels {

constexpr std::align_val_t kCacheLine{64};

/// For memory that starts at a cache line.
struct FreeAligned {
  void operator()(void* memory) const { ::operator delete(memory, kCacheLine); }
};

}  // namespace hearth::kernels
