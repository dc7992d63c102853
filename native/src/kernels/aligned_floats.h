#pragma once

#include <cstddef>
#include <memory>

#include "aligned_memory.h"

namespace hearth::kernels {

/// Floats that start at a cache line.
using AlignedFloats = std::unique_ptr<float[], FreeAligned>;

inline AlignedFloats aligned_floats(size_t count) {
  return AlignedFloats(static_cast<float*>(::operator new(count * sizeof(float), kCacheLine)));
}

/// A buffer that keeps its memory between calls, one per thread and purpose.
class Scratch {
 public:
  float* get(size_t count) {
    if (count > size_) {
      floats_ = aligned_floats(count);
      size_ = count;
    }
    return floats_.get();
  }

 private:
  AlignedFloats floats_;
  size_t size_ = 0;
};

}  // namespace hearth::kernels
