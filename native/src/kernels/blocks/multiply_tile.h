#pragma once

#include "../block_functions.h"
#include "unrolled.h"

namespace hearth::kernels::blocks {

template <class Simd>
constexpr int kPanelWidth = Simd::kPanelVectors * Simd::kWidth;

/// The register block: kRows x kPanelWidth sums, held in registers over all inputs.
template <class Simd, int kRows>
void multiply_rows(const float* rows, const float* panel, int inputs, bool accumulate, float* tile) {
  constexpr int kVectors = Simd::kPanelVectors;
  typename Simd::Float sums[kRows][kVectors];
  unrolled<kRows>([&](auto row) {
    unrolled<kVectors>([&](auto vector) {
      sums[row][vector] =
          accumulate ? Simd::load(tile + row * kPanelWidth<Simd> + vector * Simd::kWidth) : Simd::zero();
    });
  });
  const auto step = [&](int input) {
    typename Simd::Float columns[kVectors];
    unrolled<kVectors>([&](auto vector) { columns[vector] = Simd::load(panel + vector * Simd::kWidth); });
    panel += kPanelWidth<Simd>;
    unrolled<kRows>([&](auto row) {
      const auto x = Simd::broadcast(rows[row * kRowChunk + input]);
      unrolled<kVectors>([&](auto vector) { sums[row][vector] = Simd::fma(x, columns[vector], sums[row][vector]); });
    });
  };
  for (; inputs >= kRowChunk; inputs -= kRowChunk) {
    for (int input = 0; input < kRowChunk; ++input) step(input);
    rows += kRows * kRowChunk;
  }
  for (int input = 0; input < inputs; ++input) step(input);
  unrolled<kRows>([&](auto row) {
    unrolled<kVectors>(
        [&](auto vector) { Simd::store(tile + row * kPanelWidth<Simd> + vector * Simd::kWidth, sums[row][vector]); });
  });
}

template <class Simd>
void multiply_tile(const float* rows, int row_count, const float* panel, int inputs, bool accumulate, float* tile) {
  unrolled<Simd::kRowTile>([&](auto index) {
    constexpr int kRows = index + 1;
    if (row_count == kRows) multiply_rows<Simd, kRows>(rows, panel, inputs, accumulate, tile);
  });
}

}  // namespace hearth::kernels::blocks
