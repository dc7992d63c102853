#include "mlx_attention_state.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "mlx/backend/metal/metal.h"
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

/// The first `columns` of some rows of x [rows, ..., columns, width].
mx::array part_of(const mx::array& x, int first_row, int rows, int columns) {
  if (rows == x.shape(0) && columns == x.shape(2)) return x;
  return mx::slice(x, {first_row, 0, 0, 0}, {first_row + rows, x.shape(1), columns, x.shape(3)});
}

/// Metal has kernels for attention of several positions that do for any number of keys. CUDA's are planned for each,
/// which takes as long as 20 steps of a decoder, and a text meets a new number at each of its steps.
bool has_kernels_for_any_length() { return mx::metal::is_available(); }

/// Attention by products of their own. Scores are float32, as they are within MLX's kernels.
mx::array attention_by_products(const mx::array& queries, const mx::array& keys, const mx::array& values,
                                const mx::array& mask) {
  const auto transposed = mx::swapaxes(mx::astype(keys, mx::float32), -1, -2);
  const auto scores = mx::addmm(mx::astype(mask, mx::float32), mx::astype(queries, mx::float32), transposed,
                                /*alpha=*/kAttentionScale);
  return mx::matmul(mx::astype(mx::softmax(scores, -1, true), values.dtype()), values);
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

/// Each position as if it were the only one of a head that shares its keys with others: CUDA's kernel for one position
/// has no plan.
mx::array attention_apart(const mx::array& queries, const mx::array& keys, const mx::array& values) {
  const auto apart =
      mx::reshape(queries, {queries.shape(0), queries.shape(1) * queries.shape(2), 1, queries.shape(3)});
  return mx::reshape(mx::fast::scaled_dot_product_attention(apart, keys, values, kAttentionScale), queries.shape());
}

/// With more positions that takes too long. Row by row, and filled up, they need few plans, which the warm-up makes.
constexpr int kFewPositions = 16;
constexpr int kFilledUpTo = 64;

mx::array attention_filled_up(const mx::array& queries, const mx::array& keys, const mx::array& values) {
  const int positions = queries.shape(2);
  const int filled = (positions + kFilledUpTo - 1) / kFilledUpTo * kFilledUpTo;
  const auto all = mx::contiguous(with_positions(queries, filled));
  std::vector<mx::array> rows;
  for (int row = 0; row < queries.shape(0); ++row) {
    const auto of_row = [&](const mx::array& x) { return part_of(x, row, 1, x.shape(2)); };
    rows.push_back(
        mx::fast::scaled_dot_product_attention(of_row(all), of_row(keys), of_row(values), kAttentionScale));
  }
  return with_positions(rows.size() == 1 ? rows.front() : mx::concatenate(rows, 0), positions);
}

class MlxAttentionState : public AttentionState {
 public:
  MlxAttentionState(const ModelDimensions& dimensions, mx::Dtype dtype)
      : heads_(dimensions.text_heads), dtype_(dtype), cache_(dimensions.text_layers), cross_(dimensions.text_layers) {}

  void add(std::span<const CrossCache> windows, int positions) override {
    int count = 0;
    for (const auto& each : windows) count += static_cast<int>(each.positions.size());
    if (rows() == 0) {
      column_ = columns_ = 0;
      mask_.reset();
    }
    if (positions > column_) make_room_before(positions - column_);
    make_room_behind(1);
    for (const auto& each : windows) {
      cross_positions_.insert(cross_positions_.end(), each.positions.begin(), each.positions.end());
    }
    const int longest = std::ranges::max(cross_positions_);
    const auto zeros = [&](int rows) { return mx::zeros({rows, heads_, columns_, kHeadSize}, dtype_); };
    for (size_t layer = 0; layer < cache_.size(); ++layer) {
      std::vector<mx::array> keys, values;
      if (rows() > 0) {
        keys.push_back(with_positions(cross_[layer]->keys, longest));
        values.push_back(with_positions(cross_[layer]->values, longest));
      }
      for (const auto& each : windows) {
        keys.push_back(with_positions(each.layers[layer][0], longest));
        values.push_back(with_positions(each.layers[layer][1], longest));
      }
      cross_[layer] = keys.size() == 1 ? KeysAndValues{keys[0], values[0]}
                                       : KeysAndValues{mx::concatenate(keys, 0), mx::concatenate(values, 0)};
      const auto& cache = cache_[layer];
      cache_[layer] = rows() == 0
                          ? zeros(2 * count)
                          : mx::concatenate({keys_of(*cache), zeros(count), values_of(*cache), zeros(count)}, 0);
    }
    starts_.insert(starts_.end(), count, column_ - positions);
    lengths_.insert(lengths_.end(), count, 0);
    mask_.reset();
    cross_mask_.reset();
  }

  mx::array self_attention(int layer, const mx::array& qkv, const RunRows& run) override {
    const auto [first_row, rows, positions] = run;
    // A draft's positions are more than one behind what all rows have.
    if (starts_[first_row] + lengths_[first_row] + positions > columns_) make_room_behind(positions);
    const int column = starts_[first_row] + lengths_[first_row];
    const int end = column + positions;
    const auto parts = split_parts(qkv, run);
    const auto queries = mx::slice(parts, {0, 0, 0, 0}, {rows, heads_, positions, kHeadSize});
    auto& cache = *cache_[layer];
    write(cache, mx::slice(parts, {rows, 0, 0, 0}, {3 * rows, heads_, positions, kHeadSize}), first_row, column);

    const auto starts = std::span(starts_).subspan(first_row, rows);
    const int first_column = std::ranges::min(starts);
    const bool aligned = std::ranges::max(starts) == first_column;
    const auto columns_of = [&](int first) {
      return mx::slice(cache, {first, 0, first_column, 0}, {first + rows, heads_, end, kHeadSize});
    };
    const auto keys = columns_of(first_row), values = columns_of(this->rows() + first_row);
    if (aligned && positions == 1) {
      return merge_rows(mx::fast::scaled_dot_product_attention(queries, keys, values, kAttentionScale));
    }
    if (aligned && has_kernels_for_any_length_) {
      return merge_rows(mx::fast::scaled_dot_product_attention(queries, keys, values, kAttentionScale, "causal"));
    }
    return merge_rows(masked_attention(queries, keys, values, hidden(starts, first_column, end, positions)));
  }

  mx::array cross_attention(int layer, const mx::array& queries, const RunRows& run) override {
    const auto [first_row, rows, positions] = run;
    const auto& cross = *cross_[layer];
    const auto own_queries = split_rows(queries, run);
    const auto counts = std::span(cross_positions_).subspan(first_row, rows);
    const int longest = std::ranges::max(counts);
    const auto keys = part_of(cross.keys, first_row, rows, longest);
    const auto values = part_of(cross.values, first_row, rows, longest);
    if (std::ranges::min(counts) < longest) {
      const auto mask = mx::slice(hidden_behind_windows(), {first_row, 0, 0, 0}, {first_row + rows, 1, 1, longest});
      return merge_rows(masked_attention(own_queries, keys, values, mask));
    }
    if (positions == 1 || has_kernels_for_any_length_) {
      return merge_rows(mx::fast::scaled_dot_product_attention(own_queries, keys, values, kAttentionScale));
    }
    return merge_rows(positions <= kFewPositions ? attention_apart(own_queries, keys, values)
                                                  : attention_filled_up(own_queries, keys, values));
  }

  mx::array cross_scores(int layer, int head, const mx::array& queries, int row) override {
    const auto& keys = cross_[layer]->keys;
    const auto own_queries = mx::slice(queries, {0, head * kHeadSize}, {queries.shape(0), (head + 1) * kHeadSize});
    const int frames = cross_positions_[row];
    const auto own_keys = mx::slice(keys, {row, head, 0, 0}, {row + 1, head + 1, frames, kHeadSize});
    const auto left = mx::astype(own_queries, mx::float32);
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
    const auto both = mx::concatenate({indices, indices + mx::array(this->rows())});
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
      cache_[layer] = mx::take(*cache_[layer], both, 0);
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

  /// MLX does one position by products of its own, in CUDA and on a CPU, of fewer kernels.
  mx::array masked_attention(const mx::array& queries, const mx::array& keys, const mx::array& values,
                             const mx::array& mask) const {
    if (queries.shape(2) > 1 && !has_kernels_for_any_length_) return attention_by_products(queries, keys, values, mask);
    return mx::fast::scaled_dot_product_attention(queries, keys, values, kAttentionScale, "array", mask);
  }

  mx::array keys_of(const mx::array& cache) const { return part_of(cache, 0, rows(), cache.shape(2)); }
  mx::array values_of(const mx::array& cache) const { return part_of(cache, rows(), rows(), cache.shape(2)); }

  /// x [rows * positions, state] as [rows, heads, positions, 64].
  mx::array split_rows(const mx::array& x, const RunRows& run) const {
    // One position lies in memory as it is wanted.
    if (run.positions == 1) return mx::reshape(x, {run.count, heads_, 1, kHeadSize});
    return mx::transpose(mx::reshape(x, {run.count, run.positions, heads_, kHeadSize}), {0, 2, 1, 3});
  }

  /// And back.
  mx::array merge_rows(const mx::array& x) const {
    const mx::Shape shape{x.shape(0) * x.shape(2), heads_ * kHeadSize};
    return mx::reshape(x.shape(2) == 1 ? x : mx::transpose(x, {0, 2, 1, 3}), shape);
  }

  /// qkv [rows * positions, 3 * state] as [3 * rows, heads, positions, 64]: queries, keys, values.
  mx::array split_parts(const mx::array& qkv, const RunRows& run) const {
    const auto [first, rows, positions] = run;
    const mx::Shape shape{3 * rows, heads_, positions, kHeadSize};
    // One position of one row lies in memory as it is wanted.
    if (rows == 1 && positions == 1) return mx::reshape(qkv, shape);
    const auto parts = mx::reshape(qkv, {rows, positions, 3, heads_, kHeadSize});
    return mx::reshape(mx::transpose(parts, {2, 0, 3, 1, 4}), shape);
  }

  /// Writes keys and values [2 * rows, heads, positions, 64] of rows from `first_row` from `column` on.
  void write(mx::array& cache, const mx::array& both, int first_row, int column) const {
    const int count = both.shape(0) / 2, end = column + both.shape(2);
    if (count == rows()) {
      const mx::Shape from{0, 0, column, 0}, to{2 * count, heads_, end, kHeadSize};
      cache = mx::slice_update(cache, both, from, to);
      return;
    }
    for (const int part : {0, 1}) {
      const int row = part * rows() + first_row;
      const mx::Shape from{row, 0, column, 0}, to{row + count, heads_, end, kHeadSize};
      cache = mx::slice_update(cache, part_of(both, part * count, count, both.shape(2)), from, to);
    }
  }

  /// Moves all rows to later columns, for a prompt that is longer than what they have.
  void make_room_before(int columns) {
    column_ += columns;
    columns_ += columns;
    for (int& start : starts_) start += columns;
    if (rows() == 0) return;
    const auto zeros = mx::zeros({2 * rows(), heads_, columns, kHeadSize}, dtype_);
    for (auto& cache : cache_) cache = appended(zeros, *cache, 2);
    mask_.reset();
  }

  void move_behind(int row, int columns) {
    if (columns == 0) return;
    const int start = starts_[row], end = start + lengths_[row];
    for (auto& cache : cache_) {
      for (const int place : {row, rows() + row}) {
        const auto own = mx::slice(*cache, {place, 0, start, 0}, {place + 1, heads_, end, kHeadSize});
        const mx::Shape to{place, 0, start + columns, 0}, behind{place + 1, heads_, end + columns, kHeadSize};
        cache = mx::slice_update(*cache, own, to, behind);
      }
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
    const auto zeros = mx::zeros({2 * rows(), heads_, added, kHeadSize}, dtype_);
    for (auto& cache : cache_) {
      const mx::Shape end{2 * rows(), heads_, cache->shape(2), kHeadSize};
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
      mask_ = mx::where(visible, mx::array(0.0f, dtype_), minus_infinity());
    }
    return *mask_;
  }

  /// Hides from each row what lies behind its own window.
  const mx::array& hidden_behind_windows() {
    if (!cross_mask_) {
      const int positions = std::ranges::max(cross_positions_);
      const auto all = mx::reshape(mx::arange(0, positions, mx::int32), {1, 1, 1, positions});
      const auto count = mx::array(cross_positions_.begin(), {rows(), 1, 1, 1}, mx::int32);
      cross_mask_ = mx::where(mx::less(all, count), mx::array(0.0f, dtype_), minus_infinity());
    }
    return *cross_mask_;
  }

  mx::array minus_infinity() const { return mx::array(-std::numeric_limits<float>::infinity(), dtype_); }

  int heads_;
  mx::Dtype dtype_;
  bool has_kernels_for_any_length_ = has_kernels_for_any_length();
  int column_ = 0;            ///< where rows that have read their prompts append
  int columns_ = 0;           ///< that the caches have
  std::vector<int> starts_;   ///< the column where each row begins
  std::vector<int> lengths_;  ///< and how many it has written
  std::vector<int> cross_positions_;  ///< that each row's window has
  std::optional<mx::array> mask_, cross_mask_;
  /// Per layer [2 * rows, heads, columns, 64]: the keys of all rows before their values, so that a step writes both at
  /// once, and each is in one piece, as kernels want it.
  std::vector<std::optional<mx::array>> cache_;
  std::vector<std::optional<KeysAndValues>> cross_;
};

}  // namespace

mx::array split_heads(const mx::array& x, int heads) {
  return mx::transpose(mx::reshape(x, {x.shape(0), x.shape(1), heads, kHeadSize}), {0, 2, 1, 3});
}

mx::array merge_heads(const mx::array& x) {
  return mx::reshape(mx::transpose(x, {0, 2, 1, 3}), {x.shape(0), x.shape(2), x.shape(1) * kHeadSize});
}

std::unique_ptr<AttentionState> make_mlx_attention_state(const ModelDimensions& dimensions, mx::Dtype dtype) {
  return std::make_unique<MlxAttentionState>(dimensions, dtype);
}

}  // namespace hearth::whisper
