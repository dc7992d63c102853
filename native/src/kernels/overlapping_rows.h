#pragma once

#include <algorithm>
#include <vector>

namespace hearth::kernels {

/// Frames with one of zeros before and after them. Neighbouring rows overlap in memory, so that a convolution is a
/// product with rows that are three frames wide. Valid until the thread's next call.
inline const float* overlapping_rows(const float* x, int frames, int channels) {
  thread_local std::vector<float> padded;
  padded.assign(static_cast<size_t>(frames + 2) * channels, 0.0F);
  std::copy_n(x, static_cast<size_t>(frames) * channels, padded.begin() + channels);
  return padded.data();
}

}  // namespace hearth::kernels
