#include <algorithm>

#include "aligned_floats.h"
#include "blocks/head_width.h"
#include "kernel_table.h"
#include "pack_panel.h"
#include "split_table.h"
#include "thread_pool.h"

namespace hearth::kernels {
namespace {

/// With fewer queries the keys are not worth packing.
constexpr int kFewestPackedQueries = 4;
constexpr int kTilesPerTask = 4;

const float* head_of(const HeadView& view, int batch, int head) {
  return view.data + batch * view.batch_stride + head * view.head_stride;
}

void attend_unpacked(const AttentionShape& shape, const HeadView& queries, const HeadView& keys, const HeadView& values,
                     float* out) {
  const int heads = shape.batch * shape.heads;
  parallel_for(heads, [&](int index) {
    thread_local Scratch scratch;
    const int batch = index / shape.heads, head = index % shape.heads;
    for (int query = 0; query < shape.queries; ++query) {
      const int visible = shape.causal ? shape.keys - shape.queries + query + 1 : shape.keys;
      const int64_t row = (static_cast<int64_t>(batch) * shape.queries + query) * shape.heads + head;
      kernel_table().single_query_attention(head_of(queries, batch, head) + query * queries.position_stride,
                                            head_of(keys, batch, head), keys.position_stride,
                                            head_of(values, batch, head), values.position_stride, visible, shape.scale,
                                            scratch.get(visible + kernel_table().width), out + row * kHeadWidth);
    }
  });
}

/// Keys in panels and dense values of one head.
void pack_head(const AttentionShape& shape, const HeadView& keys, const HeadView& values, int batch, int head,
               float* key_panels, float* dense_values) {
  const int width = kernel_table().panel_width;
  for (int key = 0; key < shape.keys; key += width) {
    pack_panel(head_of(keys, batch, head) + key * keys.position_stride, keys.position_stride,
               std::min(width, shape.keys - key), kHeadWidth, width,
               key_panels + static_cast<int64_t>(key) * kHeadWidth);
  }
  for (int key = 0; key < shape.keys; ++key) {
    std::copy_n(head_of(values, batch, head) + key * values.position_stride, kHeadWidth,
                dense_values + static_cast<int64_t>(key) * kHeadWidth);
  }
}

/// The same in halves where the CPU gains by it, for many queries.
void attend_split(const AttentionShape& shape, const HeadView& queries, const HeadView& keys, const HeadView& values,
                  float* out) {
  constexpr int kQueriesPerTask = 4 * kSplitBlock;
  const auto& table = *split_table();
  const int heads = shape.batch * shape.heads;
  const int blocks = (shape.keys + kSplitBlock - 1) / kSplitBlock;
  // Of keys as of values; a scratch buffer is measured in floats.
  const int64_t halves = static_cast<int64_t>(blocks) * kSplitBlock * 2 * kHeadWidth;
  thread_local Scratch packed;
  auto* const packed_heads = reinterpret_cast<uint16_t*>(packed.get(heads * halves));
  parallel_for(heads * blocks, [&](int index) {
    const int head = index / blocks, key = index % blocks * kSplitBlock;
    const float* const from = head_of(keys, head / shape.heads, head % shape.heads) + key * keys.position_stride;
    table.split_panel(from, keys.position_stride, std::min(kSplitBlock, shape.keys - key), kHeadWidth,
                      packed_heads + head * 2 * halves + static_cast<int64_t>(key) * 2 * kHeadWidth);
  });
  parallel_for(heads, [&](int head) {
    table.split_values(head_of(values, head / shape.heads, head % shape.heads), values.position_stride, shape.keys,
                       packed_heads + head * 2 * halves + halves);
  });
  const int tasks_per_head = (shape.queries + kQueriesPerTask - 1) / kQueriesPerTask;
  parallel_for(heads * tasks_per_head, [&](int task) {
    const int index = task / tasks_per_head, first = task % tasks_per_head * kQueriesPerTask;
    const int batch = index / shape.heads, head = index % shape.heads;
    const uint16_t* const own = packed_heads + index * 2 * halves;
    const int64_t row = (static_cast<int64_t>(batch) * shape.queries + first) * shape.heads + head;
    table.head_attention({.queries = head_of(queries, batch, head) + first * queries.position_stride,
                          .query_stride = queries.position_stride,
                          .query_count = std::min(kQueriesPerTask, shape.queries - first),
                          .key_panels = own,
                          .value_panels = own + halves,
                          .keys = shape.keys,
                          .scale = shape.scale,
                          .out = out + row * kHeadWidth,
                          .out_stride = static_cast<int64_t>(shape.heads) * kHeadWidth});
  });
}

}  // namespace

void attention(const AttentionShape& shape, const HeadView& queries, const HeadView& keys, const HeadView& values,
               float* out) {
  if (shape.queries < kFewestPackedQueries) return attend_unpacked(shape, queries, keys, values, out);
  // The decoder's prompts stay as exact as its steps.
  if (!shape.causal && split_table() != nullptr) return attend_split(shape, queries, keys, values, out);
  const auto& table = kernel_table();
  const int width = table.panel_width;
  const int64_t padded_keys = (shape.keys + width - 1) / width * width;
  const int64_t head_size = 2 * padded_keys * kHeadWidth;
  const int heads = shape.batch * shape.heads;
  thread_local Scratch packed;
  float* const packed_heads = packed.get(heads * head_size);
  parallel_for(heads, [&](int index) {
    float* const own = packed_heads + index * head_size;
    pack_head(shape, keys, values, index / shape.heads, index % shape.heads, own, own + padded_keys * kHeadWidth);
  });

  const int rows_per_task = table.row_tile * kTilesPerTask;
  const int tasks_per_head = (shape.queries + rows_per_task - 1) / rows_per_task;
  parallel_for(heads * tasks_per_head, [&](int task) {
    thread_local Scratch scratch;
    const int index = task / tasks_per_head;
    const int batch = index / shape.heads, head = index % shape.heads;
    const int first = task % tasks_per_head * rows_per_task;
    const float* const own = packed_heads + index * head_size;
    const int64_t row = (static_cast<int64_t>(batch) * shape.queries + first) * shape.heads + head;
    table.head_attention({.queries = head_of(queries, batch, head) + first * queries.position_stride,
                          .query_stride = queries.position_stride,
                          .query_count = std::min(rows_per_task, shape.queries - first),
                          .first_query = first,
                          .key_panels = own,
                          .values = own + padded_keys * kHeadWidth,
                          .keys = shape.keys,
                          .visible_keys = shape.keys - shape.queries + 1,
                          .causal = shape.causal,
                          .scale = shape.scale,
                          .scratch = scratch.get(table.attention_scratch_size),
                          .out = out + row * kHeadWidth,
                          .out_stride = static_cast<int64_t>(shape.heads) * kHeadWidth});
  });
}

void row_attention(const float* queries, int64_t query_stride, std::span<const RowMemory> rows, int heads, float scale,
                   float* out) {
  const int64_t width = static_cast<int64_t>(heads) * kHeadWidth;
  parallel_for(static_cast<int>(rows.size()) * heads, [&](int index) {
    thread_local Scratch scratch;
    const int row = index / heads, head = index % heads;
    const auto& memory = rows[row];
    const int64_t offset = static_cast<int64_t>(head) * kHeadWidth;
    kernel_table().single_query_attention(queries + row * query_stride + offset, memory.keys + offset, width,
                                          memory.values + offset, width, memory.count, scale,
                                          scratch.get(memory.count + kernel_table().width), out + row * width + offset);
  });
}

}  // namespace hearth::kernels
