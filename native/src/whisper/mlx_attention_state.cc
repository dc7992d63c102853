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

/// [rows, heads, positions, 64] each, zeros behind those of a window that is shorter than another row's.
struct KeysAndValues {
  mx::array keys;
  mx::array values;
};

mx::array rows_of(const mx::array& x, int first, int count) {
  if (first == 0 && count == x.shape(0)) return x;
  return mx::slice(x, {first, 0, 0, 0}, {first + count, x.shape(1), x.shape(2), x.shape(3)});
}

/// Caches grow by so many columns, and unused ones before the first row are dropped when they are as many.
constexpr int kColumnsAtATime = 64;

mx::array appended(const mx::array& x, const mx::array& more, int axis) { return mx::concatenate({x, more}, axis); }

/// x [rows, heads, positions, 64] with this many positions: cut off, or filled up with zeros.
mx::array with_positions(const mx::array& x, int positions) {
  if (x.shape(2) == positions) return x;
  if (x.shape(2) > positions) return mx::slice(x, {0, 0, 0, 0}, {x.shape(0), x.shape(1), positions, x.shape(3)});
  return appended(x, mx::zeros({x.shape(0), x.shape(1), positions - x.shape(2), x.shape(3)}, x.dtype()), 2);
}

class MlxAttentionState : public AttentionState {
 public:
  MlxAttentionState(const ModelDimensions& dimensions, mx::Dtype dtype)
      : heads_(dimensions.text_heads), dtype_(dtype), cache_(dimensions.text_layers), cross_(dimensions.text_layers) {}

  void add(std::span<const CrossCache* const> windows, int positions) override {
    const int count = static_cast<int>(windows.size());
    if (rows() == 0) {
      column_ = columns_ = 0;
      mask_.reset();
    }
    if (positions > column_) make_room_before(positions - column_);
    make_room_behind(1);
    for (const auto* window : windows) cross_positions_.push_back(window->positions);
    const int longest = std::ranges::max(cross_positions_);
    const auto zeros = mx::zeros({count, 2 * heads_, columns_, kHeadSize}, dtype_);
    for (size_t layer = 0; layer < cache_.size(); ++layer) {
      std::vector<mx::array> keys, values;
      if (rows() > 0) {
        keys.push_back(with_positions(cross_[layer]->keys, longest));
        values.push_back(with_positions(cross_[layer]->values, longest));
      }
      for (const auto* window : windows) {
        keys.push_back(with_positions(window->layers[layer][0], longest));
        values.push_back(with_positions(window->layers[layer][1], longest));
      }
      cross_[layer] = keys.size() == 1 ? KeysAndValues{keys[0], values[0]}
                                       : KeysAndValues{mx::concatenate(keys, 0), mx::concatenate(values, 0)};
      cache_[layer] = rows() == 0 ? zeros : appended(*cache_[layer], zeros, 0);
    }
    starts_.insert(starts_.end(), count, column_ - positions);
    lengths_.insert(lengths_.end(), count, 0);
    mask_.reset();
    cross_mask_.reset();
  }

  mx::array self_attention(int layer, const mx::array& qkv, int first_row) override {
    const int rows = qkv.shape(0);
    const int positions = qkv.shape(1);
    // A draft's positions are more than one behind what all rows have.
    if (starts_[first_row] + lengths_[first_row] + positions > columns_) make_room_behind(positions);
    const int column = starts_[first_row] + lengths_[first_row];
    const int end = column + positions;
    const auto heads = split_heads(qkv, 3 * heads_);
    const auto queries = mx::slice(heads, {0, 0, 0, 0}, {rows, heads_, positions, kHeadSize});
    auto& cache = *cache_[layer];
    const mx::Shape from{first_row, 0, column, 0}, to{first_row + rows, 2 * heads_, end, kHeadSize};
    cache = mx::slice_update(cache, mx::slice(heads, {0, heads_, 0, 0}, {rows, 3 * heads_, positions, kHeadSize}), from,
                             to);

    const auto starts = std::span(starts_).subspan(first_row, rows);
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
    return merge_heads(mx::fast::scaled_dot_product_attention(queries, keys, values, kAttentionScale, "array",
                                                              hidden(starts, first_column, end, positions)));
  }

  mx::array cross_attention(int layer, const mx::array& queries, int first_row) override {
    const int rows = queries.shape(0);
    const auto& cross = *cross_[layer];
    const auto own_queries = split_heads(queries, heads_);
    const auto keys = rows_of(cross.keys, first_row, rows), values = rows_of(cross.values, first_row, rows);
    const auto positions = std::span(cross_positions_).subspan(first_row, rows);
    if (std::ranges::min(positions) == keys.shape(2)) {
      return merge_heads(mx::fast::scaled_dot_product_attention(own_queries, keys, values, kAttentionScale));
    }
    const auto mask = rows_of(hidden_behind_windows(), first_row, rows);
    return merge_heads(
        mx::fast::scaled_dot_product_attention(own_queries, keys, values, kAttentionScale, "array", mask));
  }

  mx::array cross_scores(int layer, int head, const mx::array& queries, int row) override {
    const int positions = queries.shape(1);
    const auto& keys = cross_[layer]->keys;
    const auto own_queries = mx::slice(queries, {0, 0, head * kHeadSize}, {1, positions, (head + 1) * kHeadSize});
    const int frames = cross_positions_[row];
    const auto own_keys = mx::slice(keys, {row, head, 0, 0}, {row + 1, head + 1, frames, kHeadSize});
    const auto left = mx::astype(mx::squeeze(own_queries, 0), mx::float32);
    const auto right = mx::astype(mx::reshape(own_keys, {frames, kHeadSize}), mx::float32);
    return mx::matmul(left, mx::transpose(right)) * mx::array(kAttentionScale);
  }

  void advance(int first_row, int count, int positions) override {
    for (int row = first_row; row < first_row + count; ++row) lengths_[row] += positions;
    column_ = std::max(column_, starts_[first_row] + lengths_[first_row]);
    make_room_behind(1);
  }

  void select(std::span<const int> rows) override {
    const auto indices = mx::array(rows.begin(), {static_cast<int>(rows.size())}, mx::int32);
    const auto of_rows = [&](const std::vector<int>& values) {
      std::vector<int> selected;
      for (const int row : rows) selected.push_back(values[row]);
      return selected;
    };
    starts_ = of_rows(starts_);
    lengths_ = of_rows(lengths_);
    cross_positions_ = of_rows(cross_positions_);
    const int longest = rows.empty() ? 0 : std::ranges::max(cross_positions_);
    mask_.reset();
    cross_mask_.reset();
    for (size_t layer = 0; layer < cache_.size(); ++layer) {
      if (rows.empty()) {
        cache_[layer].reset();
        cross_[layer].reset();
        continue;
      }
      cache_[layer] = mx::take(*cache_[layer], indices, 0);
      cross_[layer] = {mx::take(with_positions(cross_[layer]->keys, longest), indices, 0),
                       mx::take(with_positions(cross_[layer]->values, longest), indices, 0)};
    }
  }

  /// Rows that forget more than others move to later columns, so that all go on at the same one.
  void forget(std::span<const int> positions) override {
    const int fewest = std::ranges::min(positions);
    column_ -= fewest;
    for (size_t row = 0; row < positions.size(); ++row) {
      lengths_[row] -= positions[row];
      move_behind(static_cast<int>(row), positions[row] - fewest);
    }
    mask_.reset();
  }

 private:
  int rows() const { return static_cast<int>(starts_.size()); }

  /// Moves all rows to later columns, for a prompt that is longer than what they have.
  void make_room_before(int columns) {
    column_ += columns;
    columns_ += columns;
    for (int& start : starts_) start += columns;
    if (rows() == 0) return;
    const auto zeros = mx::zeros({rows(), 2 * heads_, columns, kHeadSize}, dtype_);
    for (auto& cache : cache_) cache = appended(zeros, *cache, 2);
    mask_.reset();
  }

  void move_behind(int row, int columns) {
    if (columns == 0) return;
    const int start = starts_[row], end = start + lengths_[row];
    for (auto& cache : cache_) {
      const auto own = mx::slice(*cache, {row, 0, start, 0}, {row + 1, 2 * heads_, end, kHeadSize});
      const mx::Shape to{row, 0, start + columns, 0}, behind{row + 1, 2 * heads_, end + columns, kHeadSize};
      cache = mx::slice_update(*cache, own, to, behind);
    }
    starts_[row] += columns;
  }

  /// For so many more columns.
  void make_room_behind(int wanted) {
    if (column_ + wanted <= columns_) return;
    const int unused = rows() == 0 ? 0 : std::ranges::min(starts_);
    const int dropped = unused >= kColumnsAtATime ? unused : 0;
    const int added = std::max(dropped > 0 ? dropped : kColumnsAtATime, column_ + wanted - columns_);
    columns_ += added - dropped;
    column_ -= dropped;
    for (int& start : starts_) start -= dropped;
    if (rows() == 0) return;
    const auto zeros = mx::zeros({rows(), 2 * heads_, added, kHeadSize}, dtype_);
    for (auto& cache : cache_) {
      const mx::Shape end{rows(), 2 * heads_, cache->shape(2), kHeadSize};
      cache = appended(mx::slice(*cache, {0, 0, dropped, 0}, end), zeros, 2);
    }
    mask_.reset();
  }

  /// Hides from each row what lies before its prompt, and from each of its `positions` what comes later; made once for
  /// all layers of a step.
  const mx::array& hidden(std::span<const int> starts, int first_column, int end, int positions) {
    const int rows = static_cast<int>(starts.size());
    const mx::Shape shape{rows, 1, positions, end - first_column};
    if (!mask_ || mask_->shape() != shape) {
      const auto columns = mx::reshape(mx::arange(first_column, end, mx::int32), {1, 1, 1, end - first_column});
      const auto first = mx::array(starts.begin(), {rows, 1, 1, 1}, mx::int32);
      const auto last = mx::reshape(mx::arange(end - positions, end, mx::int32), {1, 1, positions, 1});
      const auto visible = mx::logical_and(mx::greater_equal(columns, first), mx::less_equal(columns, last));
      const auto hidden = mx::array(-std::numeric_limits<float>::infinity(), dtype_);
      mask_ = mx::where(visible, mx::array(0.0f, dtype_), hidden);
    }
    return *mask_;
  }

  /// Hides from each row what lies behind its own window.
  const mx::array& hidden_behind_windows() {
    if (!cross_mask_) {
      const int positions = std::ranges::max(cross_positions_);
      const auto all = mx::reshape(mx::arange(0, positions, mx::int32), {1, 1, 1, positions});
      const auto count = mx::array(cross_positions_.begin(), {rows(), 1, 1, 1}, mx::int32);
      const auto hidden = mx::array(-std::numeric_limits<float>::infinity(), dtype_);
      cross_mask_ = mx::where(mx::less(all, count), mx::array(0.0f, dtype_), hidden);
    }
    return *cross_mask_;
  }

  int heads_;
  mx::Dtype dtype_;
  int column_ = 0;            ///< where rows that have read their prompts append
  int columns_ = 0;           ///< that the caches have
  std::vector<int> starts_;   ///< the column where each row begins
  std::vector<int> lengths_;  ///< and how many it has written
  std::vector<int> cross_positions_;  ///< that each row's window has
  std::optional<mx::array> mask_, cross_mask_;
  /// Per layer [rows, 2 * heads, columns, 64]: keys before values, so that a step writes both at once.
  std::vector<std::optional<mx::array>> cache_;
  std::vector<std::optional<KeysAndValues>> cross_;
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

std::unique_ptr<AttentionState> make_mlx_attention_state(const ModelDimensions& dimensions, mx::Dtype dtype) {
  return std::make_unique<MlxAttentionState>(dimensions, dtype);
}

}  // namespace hearth::whisper
