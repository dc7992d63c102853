#include <algorithm>
#include <vector>

#include "aligned_floats.h"
#include "blocks/head_width.h"
#include "kernel_table.h"
#include "pack_panel.h"
#include "thread_pool.h"

namespace hearth::kernels {
namespace {

/// From this many on, it is worth converting the keys and values of a head to float32 first.
constexpr int kFewestUnpackedQueries = 4;

/// A head is [padded frames / panel width][64][panel width] keys, then [frames, 64] values.
int64_t key_size(int frames) {
  const int width = kernel_table().panel_width;
  return static_cast<int64_t>((frames + width - 1) / width) * width * kHeadWidth;
}

int64_t head_size(int frames) { return key_size(frames) + static_cast<int64_t>(frames) * kHeadWidth; }

}  // namespace

size_t cross_cache_size(int heads, int frames) { return static_cast<size_t>(heads * head_size(frames)); }

void pack_cross_cache(const float* keys, const float* values, int64_t stride, int heads, int frames, uint16_t* packed) {
  const auto& table = kernel_table();
  const int width = table.panel_width;
  parallel_for(heads, [&](int head) {
    std::vector<float> panel(static_cast<size_t>(width) * kHeadWidth);
    uint16_t* own = packed + head * head_size(frames);
    const float* head_keys = keys + head * kHeadWidth;
    for (int frame = 0; frame < frames; frame += width, own += panel.size()) {
      pack_panel(head_keys + frame * stride, stride, std::min(width, frames - frame), kHeadWidth, width, panel.data());
      table.float_to_half(panel.data(), panel.size(), own);
    }
    for (int frame = 0; frame < frames; ++frame, own += kHeadWidth) {
      table.float_to_half(values + frame * stride + head * kHeadWidth, kHeadWidth, own);
    }
  });
}

void unpack_cross_keys(const uint16_t* packed, int heads, int frames, int head, float* keys) {
  (void)heads;
  const auto& table = kernel_table();
  const int width = table.panel_width;
  std::vector<float> panels(key_size(frames));
  table.half_to_float(packed + head * head_size(frames), panels.size(), panels.data());
  for (int frame = 0; frame < frames; ++frame) {
    const float* panel = panels.data() + static_cast<int64_t>(frame / width) * width * kHeadWidth + frame % width;
    for (int i = 0; i < kHeadWidth; ++i) keys[frame * kHeadWidth + i] = panel[i * width];
  }
}

void cross_attention(const float* queries, int queries_per_row, std::span<const PackedWindow> rows, int heads,
                     float scale, float* out) {
  const auto& table = kernel_table();
  const int64_t stride = static_cast<int64_t>(heads) * kHeadWidth;
  parallel_for(static_cast<int>(rows.size()) * heads, [&](int task) {
    thread_local Scratch scratch;
    const int row = task / heads, head = task % heads;
    const auto [packed, frames] = rows[row];
    const uint16_t* const cache = packed + head * head_size(frames);
    const int64_t first = row * queries_per_row * stride + head * kHeadWidth;
    if (queries_per_row < kFewestUnpackedQueries) {
      float* const scores = scratch.get(key_size(frames) / kHeadWidth);
      for (int query = 0; query < queries_per_row; ++query) {
        table.half_attention(queries + first + query * stride, cache, cache + key_size(frames), frames, scale, scores,
                             out + first + query * stride);
      }
      return;
    }
    float* const unpacked = scratch.get(head_size(frames) + table.attention_scratch_size);
    table.half_to_float(cache, head_size(frames), unpacked);
    table.head_attention({.queries = queries + first,
                          .query_stride = stride,
                          .query_count = queries_per_row,
                          .first_query = 0,
                          .key_panels = unpacked,
                          .values = unpacked + key_size(frames),
                          .keys = frames,
                          .visible_keys = frames,
                          .causal = false,
                          .scale = scale,
                          .scratch = unpacked + head_size(frames),
                          .out = out + first,
                          .out_stride = stride});
  });
}

}  // namespace hearth::kernels
