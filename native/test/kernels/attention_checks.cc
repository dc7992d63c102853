#include <cmath>
#include <string>

#include "../../src/kernels/kernels.h"
#include "checks.h"

namespace hearth::kernels::checks {
namespace {

constexpr int kHead = 64;
constexpr float kScale = 0.125F;

/// Queries, keys and values as the encoder holds them: one row [3 * heads * 64] per position.
struct Merged {
  std::vector<float> rows;
  int heads;
  int64_t width() const { return 3LL * heads * kHead; }
  const float* at(int part, int position, int head) const {
    return rows.data() + position * width() + (part * heads + head) * kHead;
  }
};

std::vector<double> reference_attention(const Merged& merged, int batch, int queries, int keys, bool causal) {
  std::vector<double> out;
  for (int b = 0; b < batch; ++b) {
    for (int query = 0; query < queries; ++query) {
      for (int head = 0; head < merged.heads; ++head) {
        const int visible = causal ? keys - queries + query + 1 : keys;
        std::vector<double> weights;
        double total = 0;
        for (int key = 0; key < visible; ++key) {
          double score = 0;
          for (int i = 0; i < kHead; ++i) {
            score +=
                static_cast<double>(merged.at(0, b * keys + query, head)[i]) * merged.at(1, b * keys + key, head)[i];
          }
          weights.push_back(std::exp(score * kScale));
          total += weights.back();
        }
        for (int i = 0; i < kHead; ++i) {
          double sum = 0;
          for (int key = 0; key < visible; ++key) sum += weights[key] * merged.at(2, b * keys + key, head)[i];
          out.push_back(sum / total);
        }
      }
    }
  }
  return out;
}

std::string name_of(const std::string& what, int batch, int queries, int keys, int heads, bool causal) {
  return what + " batch " + std::to_string(batch) + " queries " + std::to_string(queries) + " keys " +
         std::to_string(keys) + " heads " + std::to_string(heads) + (causal ? " causal" : "");
}

void check_self(int batch, int queries, int keys, int heads, bool causal) {
  const Merged merged{random_floats(static_cast<size_t>(batch) * keys * 3 * heads * kHead, 11), heads};
  const int64_t width = merged.width();
  const auto view = [&](int part) {
    return HeadView{merged.rows.data() + part * heads * kHead, keys * width, width, kHead};
  };
  std::vector<float> out(static_cast<size_t>(batch) * queries * heads * kHead);
  attention({.batch = batch, .queries = queries, .keys = keys, .heads = heads, .causal = causal, .scale = kScale},
            view(0), view(1), view(2), out.data());
  const bool is_split = !causal && has_split_arithmetic();
  expect_close(name_of("attention", batch, queries, keys, heads, causal), out,
               reference_attention(merged, batch, queries, keys, causal), is_split ? 1e-4 : 1e-5);
}

/// Rows of one position each, whose keys and values lie apart and are not equally many.
void check_rows_of(const std::vector<int>& counts, int heads) {
  const int row_width = heads * kHead;
  std::vector<std::vector<float>> keys, values;
  std::vector<RowMemory> memories;
  std::vector<float> queries;
  std::vector<double> expected;
  for (size_t row = 0; row < counts.size(); ++row) {
    const Merged merged{random_floats(static_cast<size_t>(counts[row]) * 3 * row_width, 40 + row), heads};
    auto& own_keys = keys.emplace_back();
    auto& own_values = values.emplace_back();
    for (int key = 0; key < counts[row]; ++key) {
      own_keys.insert(own_keys.end(), merged.at(1, key, 0), merged.at(1, key, 0) + row_width);
      own_values.insert(own_values.end(), merged.at(2, key, 0), merged.at(2, key, 0) + row_width);
    }
    queries.insert(queries.end(), merged.at(0, 0, 0), merged.at(0, 0, 0) + merged.width());
    const auto own = reference_attention(merged, 1, 1, counts[row], false);
    expected.insert(expected.end(), own.begin(), own.end());
  }
  for (size_t row = 0; row < counts.size(); ++row) {
    memories.push_back({keys[row].data(), values[row].data(), counts[row]});
  }
  std::vector<float> out(counts.size() * row_width);
  row_attention(queries.data(), 3LL * row_width, memories, heads, kScale, out.data());
  expect_close("attention of " + std::to_string(counts.size()) + " rows", out, expected, 1e-5);
}

/// Each row has a window shorter than the last one's. The reference sees keys and values rounded to float16, as the
/// cache keeps them.
void check_cross(int rows, int queries, int most_frames, int heads) {
  const int row_width = heads * kHead;
  std::vector<std::vector<uint16_t>> caches;
  std::vector<PackedWindow> windows;
  std::vector<float> all_queries, out(static_cast<size_t>(rows) * queries * row_width);
  std::vector<double> expected;
  for (int row = 0; row < rows; ++row) {
    const int frames = most_frames - 17 * row;
    Merged merged{random_floats(static_cast<size_t>(frames) * 3 * row_width, 20 + row), heads};
    std::vector<uint16_t> half(merged.rows.size());
    float32_to_float16(merged.rows.data(), half.size(), half.data());
    float16_to_float32(half.data(), half.size(), merged.rows.data());
    caches.emplace_back(cross_cache_size(heads, frames));
    pack_cross_cache(merged.at(1, 0, 0), merged.at(2, 0, 0), merged.width(), heads, frames, caches.back().data());
    for (int query = 0; query < queries; ++query) {
      all_queries.insert(all_queries.end(), merged.at(0, query, 0), merged.at(0, query, 0) + row_width);
    }
    const auto own = reference_attention(merged, 1, queries, frames, false);
    expected.insert(expected.end(), own.begin(), own.end());
    std::vector<float> keys(static_cast<size_t>(frames) * kHead);
    unpack_cross_keys(caches.back().data(), heads, frames, heads - 1, keys.data());
    bool same = true;
    for (int frame = 0; frame < frames; ++frame) {
      for (int i = 0; i < kHead; ++i) same &= keys[frame * kHead + i] == merged.at(1, frame, heads - 1)[i];
    }
    expect("keys come back as they were packed, " + std::to_string(frames) + " frames", same);
  }
  for (int row = 0; row < rows; ++row) windows.push_back({caches[row].data(), most_frames - 17 * row});
  cross_attention(all_queries.data(), queries, windows, heads, kScale, out.data());
  expect_close(name_of("cross-attention", rows, queries, most_frames, heads, false), out, expected, 1e-5);
}

}  // namespace

void check_attention() {
  check_self(1, 1, 1, 1, true);
  check_self(1, 1, 100, 2, true);
  check_self(3, 1, 17, 2, true);
  check_self(1, 5, 5, 2, true);
  check_self(2, 40, 300, 1, true);
  check_self(1, 227, 227, 2, true);
  check_self(1, 301, 301, 2, false);
  check_self(2, 33, 600, 1, false);
  check_rows_of({1}, 2);
  check_rows_of({7, 300, 1, 64}, 2);
  check_cross(1, 1, 1500, 2);
  check_cross(3, 1, 131, 2);
  check_cross(2, 7, 131, 1);
}

}  // namespace hearth::kernels::checks
