#pragma once

#include <cstddef>
#include <cstdint>

namespace hearth::kernels::blocks {

template <class Simd>
void float16_to_float32(const uint16_t* in, size_t count, float* out) {
  size_t done = 0;
  for (; done + Simd::kWidth <= count; done += Simd::kWidth) Simd::store(out + done, Simd::load_half(in + done));
  if (done == count) return;
  uint16_t rest[Simd::kWidth] = {};
  const int left = static_cast<int>(count - done);
  for (int lane = 0; lane < left; ++lane) rest[lane] = in[done + lane];
  Simd::store_first(out + done, Simd::load_half(rest), left);
}

template <class Simd>
void float32_to_float16(const float* in, size_t count, uint16_t* out) {
  size_t done = 0;
  for (; done + Simd::kWidth <= count; done += Simd::kWidth) Simd::store_half(out + done, Simd::load(in + done));
  if (done == count) return;
  uint16_t rest[Simd::kWidth];
  const int left = static_cast<int>(count - done);
  Simd::store_half(rest, Simd::load_first(in + done, left));
  for (int lane = 0; lane < left; ++lane) out[done + lane] = rest[lane];
}

}  // namespace hearth::kernels::blocks
