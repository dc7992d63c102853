#include "mlx_attention_state.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "mlx/fast.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// [rows, heads, audio context, 64] each.
struct KeysAndValues {
  mx::array keys;
  mx::array values;
};

mx::array rows_of(const mx::array& x, int first, int count) {
  if (first == 0 && count == x.shape(0)) return x;
  return mx::slice(x, {first, 0, 0, 0}, {first + count, x.shape(1), x.shape(2), x.shape(3)});
}

class MlxAttentionState : public AttentionState {
 public:
  MlxAttentionState(const ModelDimensions& dimensions, std::span<const RowPlacement> rows, int columns, mx::Dtype dtype)
      : heads_(dimensions.text_heads), dtype_(dtype) {
    for (const auto& row : rows) start_columns_.push_back(row.start_column);
    const mx::Shape shape{static_cast<int>(rows.size()), 2 * heads_, columns, kHeadSize};
    for (int layer = 0; layer < dimensions.text_layers; ++layer) {
      cache_.push_back(mx::zeros(shape, dtype));
      std::vector<mx::array> keys, values;
      for (const auto& row : rows) {
        keys.push_back(row.cross->at(layer)[0]);
        values.push_back(row.cross->at(layer)[1]);
      }
      cross_.push_back(rows.size() == 1 ? KeysAndValues{keys[0], values[0]}
                                        : KeysAndValues{mx::concatenate(keys, 0), mx::concatenate(values, 0)});
    }
  }

  mx::array self_attention(int layer, const mx::array& qkv, int first_row, int column) override {
    const int rows = qkv.shape(0);
    const int positions = qkv.shape(1);
    const int end = column + positions;
    const auto heads = split_heads(qkv, 3 * heads_);
    const auto queries = mx::slice(heads, {0, 0, 0, 0}, {rows, heads_, positions, kHeadSize});
    auto& cache = cache_[layer];
    const mx::Shape from{first_row, 0, column, 0}, to{first_row + rows, 2 * heads_, end, kHeadSize};
    cache = mx::slice_update(cache, mx::slice(heads, {0, heads_, 0, 0}, {rows, 3 * heads_, positions, kHeadSize}), from,
                             to);

    const auto starts = std::span(start_columns_).subspan(first_row, rows);
    const int first_column = std::ranges::min(starts);
    const bool aligned = std::ranges::max(starts) == first_column;
    const auto part = [&](int first_head) {
      return mx::slice(cache, {first_row, first_head, first_column, 0},
                       {first_row + rows, first_head + heads_, end, kHeadSize});
    };
    const auto keys = part(0), values = part(heads_);
    if (aligned) {
      const std::string mask = positions > 1 ? "causal" : "";
      return merge_heads(mx::fast::scaled_dot_product_attention(queries, keys, values, kAttentionScale, mask));
    }
    // Rows of unequal prompts only ever step together, one position each; the mask hides what lies before their start.
    return merge_heads(mx::fast::scaled_dot_product_attention(queries, keys, values, kAttentionScale, "array",
                                                              hidden_before(starts, first_column, end)));
  }

  mx::array cross_attention(int layer, const mx::array& queries, int first_row) override {
    const int rows = queries.shape(0);
    const auto& cross = cross_[layer];
    return merge_heads(mx::fast::scaled_dot_product_attention(split_heads(queries, heads_),
                                                              rows_of(cross.keys, first_row, rows),
                                                              rows_of(cross.values, first_row, rows), kAttentionScale));
  }

  mx::array cross_scores(int layer, int head, const mx::array& queries, int row) override {
    const int positions = queries.shape(1);
    const auto& keys = cross_[layer].keys;
    const auto own_queries = mx::slice(queries, {0, 0, head * kHeadSize}, {1, positions, (head + 1) * kHeadSize});
    const auto own_keys = mx::slice(keys, {row, head, 0, 0}, {row + 1, head + 1, keys.shape(2), kHeadSize});
    const auto left = mx::astype(mx::squeeze(own_queries, 0), mx::float32);
    const auto right = mx::astype(mx::reshape(own_keys, {keys.shape(2), kHeadSize}), mx::float32);
    return mx::matmul(left, mx::transpose(right)) * mx::array(kAttentionScale);
  }

  void select(std::span<const int> rows) override {
    const auto indices = mx::array(rows.begin(), {static_cast<int>(rows.size())}, mx::int32);
    for (auto& layer : cache_) layer = mx::take(layer, indices, 0);
    for (auto& layer : cross_) layer = {mx::take(layer.keys, indices, 0), mx::take(layer.values, indices, 0)};
    std::vector<int> starts;
    for (const int row : rows) starts.push_back(start_columns_[row]);
    start_columns_ = std::move(starts);
    mask_.reset();
  }

 private:
  /// Hides from each row what lies before its prompt; made once for all layers of a step.
  const mx::array& hidden_before(std::span<const int> starts, int first_column, int end) {
    if (!mask_ || mask_->shape(0) != static_cast<int>(starts.size()) || mask_->shape(3) != end - first_column) {
      const int rows = static_cast<int>(starts.size());
      const auto columns = mx::reshape(mx::arange(first_column, end, mx::int32), {1, 1, 1, end - first_column});
      const auto first = mx::array(starts.begin(), {rows, 1, 1, 1}, mx::int32);
      const auto hidden = mx::array(-std::numeric_limits<float>::infinity(), dtype_);
      mask_ = mx::where(mx::greater_equal(columns, first), mx::array(0.0f, dtype_), hidden);
    }
    return *mask_;
  }

  int heads_;
  mx::Dtype dtype_;
  std::vector<int> start_columns_;
  std::optional<mx::array> mask_;
  /// Per layer [rows, 2 * heads, columns, 64]: keys before values, so that a step writes both at once.
  std::vector<mx::array> cache_;
  std::vector<KeysAndValues> cross_;
};

}  // namespace

mx::array split_heads(const mx::array& x, int heads) {
  // One position lies in memory as it is wanted.
  if (x.shape(1) == 1) return mx::reshape(x, {x.shape(0), heads, 1, kHeadSize});
  return mx::transpose(mx::reshape(x, {x.shape(0), x.shape(1), heads, kHeadSize}), {0, 2, 1, 3});
}

mx::array merge_heads(const mx::array& x) {
  const mx::Shape shape{x.shape(0), x.shape(2), x.shape(1) * kHeadSize};
  return mx::reshape(x.shape(2) == 1 ? x : mx::transpose(x, {0, 2, 1, 3}), shape);
}

std::unique_ptr<AttentionState> make_mlx_attention_state(const ModelDimensions& dimensions,
                                                         std::span<const RowPlacement> rows, int columns,
                                                         mx::Dtype dtype) {
  return std::make_unique<MlxAttentionState>(dimensions, rows, columns, dtype);
}

}  // namespace hearth::whisper
