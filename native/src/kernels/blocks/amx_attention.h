#pragma once

#include <algorithm>
#include <array>
#include <limits>

#include "amx_tiles.h"
#include "attention.h"

namespace hearth::kernels {

/// Keys whose scores are computed at a time.
constexpr int kTiledKeys = 256;

/// Panels of 32 columns each, [keys / 32][high, low][2 tiles][16 pairs of keys][16 columns][2].
inline void split_values(const float* values, int64_t stride, int keys, uint16_t* panels) {
  const int blocks = (keys + kTileInputs - 1) / kTileInputs;
  // Even places from the first vector, odd ones from the second.
  alignas(64) static constexpr auto kInTurns = [] {
    std::array<uint16_t, 2 * Amx::kWidth> places{};
    for (int i = 0; i < 2 * Amx::kWidth; ++i) places[i] = static_cast<uint16_t>(i / 2 + i % 2 * Amx::kWidth);
    return places;
  }();
  const auto in_turns = _mm512_load_si512(kInTurns.data());
  for (int key = 0; key < blocks * kTileInputs; key += 2) {
    for (int column = 0; column < kHeadWidth; column += Amx::kWidth) {
      const auto load = [&](int from) {
        return from < keys ? Amx::load(values + from * stride + column) : Amx::zero();
      };
      const SplitFloats halves(load(key), load(key + 1));
      const int64_t panel = column / kSplitBlock * blocks + key / kTileInputs;
      uint16_t* const to = panels + panel * 4 * kTileHalves + column % kSplitBlock / kTileSide * kTileHalves +
                           key % kTileInputs / 2 * kTileInputs;
      _mm512_store_si512(to, _mm512_permutexvar_epi16(in_turns, halves.high));
      _mm512_store_si512(to + 2 * kTileHalves, _mm512_permutexvar_epi16(in_turns, halves.low));
    }
  }
}

/// Up to 32 queries over all keys, some of these after the others, with the softmax's running maximum and sum per
/// query.
inline void attend_block(const SplitAttention& head, int first, int rows) {
  constexpr int kQueryBlocks = kHeadWidth / kTileInputs;
  constexpr int kPanelHalves = 4 * kTileHalves;
  alignas(64) uint16_t queries[2 * kSplitBlock * kHeadWidth];
  alignas(64) float scores[kSplitBlock * kTiledKeys];
  alignas(64) uint16_t weights[2 * kSplitBlock * kTiledKeys];
  alignas(64) float sums[kSplitBlock * kHeadWidth] = {};
  float largest[kSplitBlock], total[kSplitBlock];
  std::fill_n(largest, kSplitBlock, -std::numeric_limits<float>::infinity());
  std::fill_n(total, kSplitBlock, 0.0F);
  const auto scale = Amx::broadcast(head.scale);
  for (int row = 0; row < kSplitBlock; ++row) {
    const float* const query = head.queries + (first + std::min(row, rows - 1)) * head.query_stride;
    for (int block = 0; block < kQueryBlocks; ++block) {
      const float* const from = query + block * kTileInputs;
      const auto scaled = [&](int at) { return Amx::multiply(Amx::load(from + at), scale); };
      store_halves({scaled(0), scaled(Amx::kWidth)}, row_tiles(queries, row, kQueryBlocks) + block * 2 * kTileHalves);
    }
  }

  const int64_t value_blocks = (head.keys + kTileInputs - 1) / kTileInputs;
  for (int key = 0; key < head.keys; key += kTiledKeys) {
    const int count = std::min(kTiledKeys, head.keys - key);
    const int panels = (count + kSplitBlock - 1) / kSplitBlock;
    const int64_t first_panel = key / kSplitBlock;
    for (int panel = 0; panel < panels; ++panel) {
      multiply_halves<Sums::kAnew>(queries, head.key_panels + (first_panel + panel) * kQueryBlocks * kPanelHalves,
                                   kQueryBlocks, scores + panel * kSplitBlock, kTiledKeys);
    }
    for (int row = 0; row < kSplitBlock; ++row) {
      float* const own = scores + row * kTiledKeys;
      const float before = largest[row];
      largest[row] = std::max(before, largest_of<Amx>(own, count));
      const float added = exponentiate<Amx>(own, panels * kSplitBlock, count, largest[row]);
      const auto shrink = exponential<Amx>(Amx::broadcast(std::max(before - largest[row], -1e4F)));
      total[row] = total[row] * _mm512_cvtss_f32(shrink) + added;
      float* const row_sums = sums + row * kHeadWidth;
      for (int i = 0; i < kHeadWidth; i += Amx::kWidth) {
        Amx::store(row_sums + i, Amx::multiply(Amx::load(row_sums + i), shrink));
      }
      uint16_t* const tiles = row_tiles(weights, row, panels);
      for (int panel = 0; panel < panels; ++panel) {
        store_halves(split(own + panel * kTileInputs, kTileInputs), tiles + panel * 2 * kTileHalves);
      }
    }
    for (int half = 0; half < kHeadWidth / kSplitBlock; ++half) {
      multiply_halves<Sums::kAddedTo>(weights, head.value_panels + (half * value_blocks + first_panel) * kPanelHalves,
                                      panels, sums + half * kSplitBlock, kHeadWidth);
    }
  }
  for (int row = 0; row < rows; ++row) {
    const auto factor = Amx::broadcast(1.0F / total[row]);
    float* const out = head.out + (first + row) * head.out_stride;
    for (int i = 0; i < kHeadWidth; i += Amx::kWidth) {
      Amx::store(out + i, Amx::multiply(Amx::load(sums + row * kHeadWidth + i), factor));
    }
  }
}

inline void attend_in_tiles(const SplitAttention& head) {
  const AmxTiles tiles;
  for (int first = 0; first < head.query_count; first += kSplitBlock) {
    attend_block(head, first, std::min(kSplitBlock, head.query_count - first));
  }
}

}  // namespace hearth::kernels
