#pragma once

#include <algorithm>
#include <limits>

#include "../kernel_table.h"
#include "functions.h"
#include "head_width.h"
#include "panel_product.h"

namespace hearth::kernels {

/// Keys whose scores are computed at a time. With the queries of a tile, they stay in the first-level cache.
template <class V>
constexpr int kKeyBlock = 8 * V::kPanelVectors * V::kWidth;

/// Turns scores [count] into weights e^(score - largest) and returns their sum. Scores after `visible` get no weight.
template <class V>
float exponentiate(float* scores, int count, int visible, float largest) {
  auto total = V::zero();
  for (int i = 0; i < count; i += V::kWidth) {
    const auto weight = exponential<V>(V::subtract(V::load(scores + i), V::broadcast(largest)));
    const bool is_whole = i + V::kWidth <= visible;
    const auto kept = is_whole ? weight : V::keep_first(weight, std::clamp(visible - i, 0, V::kWidth), V::zero());
    V::store(scores + i, kept);
    total = V::add(total, kept);
  }
  return V::sum(total);
}

template <class V>
float largest_of(const float* scores, int visible) {
  auto largest = V::broadcast(-std::numeric_limits<float>::infinity());
  const auto nothing = largest;
  int i = 0;
  for (; i + V::kWidth <= visible; i += V::kWidth) largest = V::max(largest, V::load(scores + i));
  if (i < visible) largest = V::max(largest, V::keep_first(V::load(scores + i), visible - i, nothing));
  return V::largest(largest);
}

/// A tile of up to kRowTile queries over all keys, one block of keys after the other, with the softmax's running
/// maximum and sum per query.
template <class V>
void attend_tile(const HeadAttention& head, int first_row, int rows) {
  constexpr int kPanel = V::kPanelVectors * V::kWidth;
  constexpr int kBlock = kKeyBlock<V>;
  float* const queries = head.scratch;                       // [rows, 64]
  float* const scores = queries + V::kRowTile * kHeadWidth;  // [rows, kBlock]
  float* const sums = scores + V::kRowTile * kBlock;         // [rows, 64]
  float largest[V::kRowTile], total[V::kRowTile];
  int visible[V::kRowTile];
  int most_visible = 0;
  for (int row = 0; row < rows; ++row) {
    const float* query = head.queries + (first_row + row) * head.query_stride;
    for (int i = 0; i < kHeadWidth; ++i) queries[row * kHeadWidth + i] = query[i] * head.scale;
    std::fill_n(sums + row * kHeadWidth, kHeadWidth, 0.0F);
    largest[row] = -std::numeric_limits<float>::infinity();
    total[row] = 0;
    visible[row] = head.causal ? head.visible_keys + head.first_query + first_row + row : head.keys;
    most_visible = std::max(most_visible, visible[row]);
  }

  for (int key = 0; key < most_visible; key += kBlock) {
    const int count = std::min(kBlock, most_visible - key);
    for (int panel = 0; panel < count; panel += kPanel) {
      panel_product<V>({queries,
                        kHeadWidth,
                        rows,
                        kHeadWidth,
                        head.key_panels + (key + panel) * kHeadWidth,
                        kPanel,
                        kPanel,
                        {},
                        scores + panel,
                        kBlock});
    }
    for (int row = 0; row < rows; ++row) {
      float* const own = scores + row * kBlock;
      const int seen = std::clamp(visible[row] - key, 0, count);
      const float before = largest[row];
      largest[row] = std::max(before, largest_of<V>(own, seen));
      const int padded = (count + V::kWidth - 1) / V::kWidth * V::kWidth;
      const float block_total = exponentiate<V>(own, padded, seen, largest[row]);
      float shrink[V::kWidth];
      V::store(shrink, exponential<V>(V::broadcast(std::max(before - largest[row], -1e4F))));
      total[row] = total[row] * shrink[0] + block_total;
      for (int i = 0; i < kHeadWidth; i += V::kWidth) {
        V::store(sums + row * kHeadWidth + i,
                 V::multiply(V::load(sums + row * kHeadWidth + i), V::broadcast(shrink[0])));
      }
    }
    for (int column = 0; column < kHeadWidth; column += kPanel) {
      panel_product<V>({scores,
                        kBlock,
                        rows,
                        count,
                        head.values + static_cast<int64_t>(key) * kHeadWidth + column,
                        kHeadWidth,
                        kPanel,
                        {.residual = sums + column, .residual_stride = kHeadWidth},
                        sums + column,
                        kHeadWidth});
    }
  }
  for (int row = 0; row < rows; ++row) {
    const auto factor = V::broadcast(1.0F / total[row]);
    float* const out = head.out + (first_row + row) * head.out_stride;
    for (int i = 0; i < kHeadWidth; i += V::kWidth) {
      V::store(out + i, V::multiply(V::load(sums + row * kHeadWidth + i), factor));
    }
  }
}

template <class V>
void head_attention(const HeadAttention& head) {
  for (int row = 0; row < head.query_count; row += V::kRowTile) {
    attend_tile<V>(head, row, std::min(V::kRowTile, head.query_count - row));
  }
}

template <class V>
constexpr int attention_scratch_size() {
  return V::kRowTile * (2 * kHeadWidth + kKeyBlock<V>);
}

/// Turns scores into weights and their reciprocal sum, for one query over all its keys.
template <class V>
float softmax_in_place(float* scores, int keys) {
  const float largest = largest_of<V>(scores, keys);
  const int padded = (keys + V::kWidth - 1) / V::kWidth * V::kWidth;
  return 1.0F / exponentiate<V>(scores, padded, keys, largest);
}

template <class V>
void single_query_attention(const float* query, const float* keys, int64_t key_stride, const float* values,
                            int64_t value_stride, int key_count, float scale, float* scores, float* out) {
  constexpr int kVectors = kHeadWidth / V::kWidth;
  typename V::Float q[kVectors];
  for (int i = 0; i < kVectors; ++i) q[i] = V::multiply(V::load(query + i * V::kWidth), V::broadcast(scale));
  for (int key = 0; key < key_count; ++key) {
    auto sum = V::zero();
    for (int i = 0; i < kVectors; ++i) sum = V::fma(q[i], V::load(keys + key * key_stride + i * V::kWidth), sum);
    scores[key] = V::sum(sum);
  }
  const float factor = softmax_in_place<V>(scores, key_count);
  typename V::Float sums[kVectors];
  for (auto& sum : sums) sum = V::zero();
  for (int key = 0; key < key_count; ++key) {
    const auto weight = V::broadcast(scores[key]);
    for (int i = 0; i < kVectors; ++i)
      sums[i] = V::fma(weight, V::load(values + key * value_stride + i * V::kWidth), sums[i]);
  }
  for (int i = 0; i < kVectors; ++i) V::store(out + i * V::kWidth, V::multiply(sums[i], V::broadcast(factor)));
}

template <class V>
void half_attention(const float* query, const uint16_t* key_panels, const uint16_t* values, int keys, float scale,
                    float* scores, float* out) {
  constexpr int kPanel = V::kPanelVectors * V::kWidth;
  constexpr int kVectors = kHeadWidth / V::kWidth;
  for (int key = 0; key < keys; key += kPanel) {
    typename V::Float sums[V::kPanelVectors];
    for (auto& sum : sums) sum = V::zero();
    const uint16_t* panel = key_panels + static_cast<int64_t>(key) * kHeadWidth;
    for (int i = 0; i < kHeadWidth; ++i) {
      const auto value = V::broadcast(query[i] * scale);
      for (int vector = 0; vector < V::kPanelVectors; ++vector) {
        sums[vector] = V::fma(value, V::load_half(panel + i * kPanel + vector * V::kWidth), sums[vector]);
      }
    }
    for (int vector = 0; vector < V::kPanelVectors; ++vector) V::store(scores + key + vector * V::kWidth, sums[vector]);
  }
  const float factor = softmax_in_place<V>(scores, keys);
  // Two sets of sums hide the latency of the additions.
  typename V::Float sums[2][kVectors];
  for (auto& set : sums) {
    for (auto& sum : set) sum = V::zero();
  }
  for (int key = 0; key < keys; ++key) {
    const auto weight = V::broadcast(scores[key]);
    for (int i = 0; i < kVectors; ++i) {
      sums[key & 1][i] = V::fma(weight, V::load_half(values + static_cast<int64_t>(key) * kHeadWidth + i * V::kWidth),
                                sums[key & 1][i]);
    }
  }
  for (int i = 0; i < kVectors; ++i) {
    V::store(out + i * V::kWidth, V::multiply(V::add(sums[0][i], sums[1][i]), V::broadcast(factor)));
  }
}

}  // namespace hearth::kernels
