#pragma once

#include "../block_functions.h"
#include "exponential.h"
#include "multiply_tile.h"

namespace hearth::kernels::blocks {

/// Keys whose scores are held at a time: with 14 rows, as many floats as half the first-level cache.
constexpr int kKeyBlock = 256;
/// Below every score, and finite: a row that has seen no key yet must not subtract infinities.
constexpr float kNoScore = -1e30F;

/// What a query tile remembers between key blocks (online softmax, as in FlashAttention).
template <class Simd>
struct TileState {
  static constexpr int kPanels = kHeadSize / kPanelWidth<Simd>;
  float maxima[Simd::kRowTile];
  float sums[Simd::kRowTile];
  float outputs[kPanels * Simd::kRowTile * kPanelWidth<Simd>];  ///< [panel][rows][panel_width]
};

/// Turns the scores [panel][rows][panel_width] of keys [0, key_count) of a block into probabilities, as packed rows,
/// and brings the state to the new maximum. `visible` is how many of the block's keys row 0 sees.
template <class Simd>
void soften_scores(float* scores, int rows, int key_count, int visible, int visible_per_row, float factor,
                   float* probabilities, TileState<Simd>& state) {
  constexpr int kWidth = Simd::kWidth;
  const int padded = (key_count + kRowChunk - 1) / kRowChunk * kRowChunk;
  for (int row = 0; row < rows; ++row) {
    const int seen = visible + row * visible_per_row;
    const int limit = seen < key_count ? seen : key_count;
    const auto score_at = [&](int key) {
      return scores + key / kPanelWidth<Simd> * rows * kPanelWidth<Simd> + row * kPanelWidth<Simd> +
             key % kPanelWidth<Simd>;
    };
    auto largest = Simd::broadcast(state.maxima[row]);
    const auto hidden = Simd::broadcast(kNoScore * 10);
    for (int key = 0; key < padded; key += kWidth) {
      auto score = Simd::load(score_at(key));
      if (key + kWidth > limit) {
        score = Simd::keep_first(score, limit - key, hidden);
        Simd::store(score_at(key), score);
      }
      largest = Simd::max(largest, score);
    }
    const float maximum = Simd::largest(largest);

    const auto factors = Simd::broadcast(factor);
    const auto offset = Simd::broadcast(-maximum * factor);
    auto sum = Simd::zero();
    for (int key = 0; key < padded; key += kWidth) {
      const auto probability = exp2_of_negative<Simd>(Simd::fma(Simd::load(score_at(key)), factors, offset));
      sum = Simd::add(sum, probability);
      Simd::store(probabilities + key / kRowChunk * rows * kRowChunk + row * kRowChunk + key % kRowChunk, probability);
    }

    if (maximum > state.maxima[row]) {
      const auto shrink = exp2_of_negative<Simd>(Simd::broadcast((state.maxima[row] - maximum) * factor));
      float lanes[kWidth];
      Simd::store(lanes, shrink);
      state.sums[row] *= lanes[0];
      state.maxima[row] = maximum;
      for (int panel = 0; panel < TileState<Simd>::kPanels; ++panel) {
        float* outputs = state.outputs + (panel * rows + row) * kPanelWidth<Simd>;
        for (int lane = 0; lane < kPanelWidth<Simd>; lane += kWidth) {
          Simd::store(outputs + lane, Simd::multiply(Simd::load(outputs + lane), shrink));
        }
      }
    }
    state.sums[row] += Simd::sum(sum);
  }
}

template <class Simd>
void write_outputs(const TileState<Simd>& state, int rows, float* out, int64_t out_stride) {
  for (int row = 0; row < rows; ++row) {
    const auto factor = Simd::broadcast(state.sums[row] > 0 ? 1.0F / state.sums[row] : 0.0F);
    for (int panel = 0; panel < TileState<Simd>::kPanels; ++panel) {
      const float* outputs = state.outputs + (panel * rows + row) * kPanelWidth<Simd>;
      float* to = out + row * out_stride + panel * kPanelWidth<Simd>;
      for (int lane = 0; lane < kPanelWidth<Simd>; lane += Simd::kWidth) {
        Simd::store(to + lane, Simd::multiply(Simd::load(outputs + lane), factor));
      }
    }
  }
}

/// Tiles take turns on each key block, so that its keys and values are read from memory once for all of them.
template <class Simd>
void attend(const AttentionTiles& tiles) {
  constexpr int kTile = Simd::kRowTile;
  constexpr int kPanel = kPanelWidth<Simd>;
  const float factor = tiles.scale * kLog2E;
  float* scores = tiles.scratch;
  float* probabilities = scores + kTile * kKeyBlock;
  auto* states = reinterpret_cast<TileState<Simd>*>(probabilities + kTile * kKeyBlock);

  for (int first = 0; first < tiles.query_count; first += kTile) {
    TileState<Simd>& state = states[first / kTile];
    for (float& maximum : state.maxima) maximum = kNoScore;
    for (float& sum : state.sums) sum = 0;
    for (float& output : state.outputs) output = 0;
  }
  for (int key = 0; key < tiles.key_count; key += kKeyBlock) {
    const int key_count = tiles.key_count - key < kKeyBlock ? tiles.key_count - key : kKeyBlock;
    for (int first = 0; first < tiles.query_count; first += kTile) {
      const int rows = tiles.query_count - first < kTile ? tiles.query_count - first : kTile;
      const int visible = tiles.first_visible_keys + first * tiles.visible_keys_per_query - key;
      if (visible + (rows - 1) * tiles.visible_keys_per_query <= 0) continue;
      TileState<Simd>& state = states[first / kTile];
      for (int column = 0; column < key_count; column += kPanel) {
        multiply_tile<Simd>(tiles.queries + static_cast<int64_t>(first) * kHeadSize, rows,
                            tiles.key_panels + static_cast<int64_t>(key + column) * kHeadSize, kHeadSize, false,
                            scores + column * rows);
      }
      soften_scores<Simd>(scores, rows, key_count, visible, tiles.visible_keys_per_query, factor, probabilities, state);
      for (int panel = 0; panel < TileState<Simd>::kPanels; ++panel) {
        multiply_tile<Simd>(probabilities, rows,
                            tiles.value_panels + (static_cast<int64_t>(panel) * tiles.key_count + key) * kPanel,
                            key_count, true, state.outputs + panel * rows * kPanel);
      }
    }
  }
  for (int first = 0; first < tiles.query_count; first += kTile) {
    const int rows = tiles.query_count - first < kTile ? tiles.query_count - first : kTile;
    write_outputs<Simd>(states[first / kTile], rows, tiles.out + first * tiles.out_stride, tiles.out_stride);
  }
}

}  // namespace hearth::kernels::blocks
