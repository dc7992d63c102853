#include "cpu_attention_state.h"

#include <algorithm>
#include <vector>

#include "../kernels/kernels.h"
#include "cpu_kernel.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// [rows, columns, state] of one layer.
struct LayerCache {
  std::vector<float> keys;
  std::vector<float> values;
};

class CpuAttentionState : public AttentionState {
 public:
  CpuAttentionState(const ModelDimensions& dimensions, std::span<const RowPlacement> rows, int columns)
      : heads_(dimensions.text_heads),
        state_(dimensions.text_state),
        frames_(dimensions.audio_context),
        columns_(columns),
        layers_(dimensions.text_layers) {
    for (const auto& row : rows) start_columns_.push_back(row.start_column);
    for (auto& layer : layers_) {
      layer.keys.resize(rows.size() * row_size());
      layer.values.resize(rows.size() * row_size());
    }
    for (int layer = 0; layer < dimensions.text_layers; ++layer) {
      auto& caches = cross_.emplace_back();
      for (const auto& row : rows) caches.push_back(row.cross->at(layer).front());
    }
  }

  mx::array self_attention(int layer, const mx::array& qkv, int first_row, int column) override {
    return cpu_kernel("HearthSelfAttention", {qkv.shape(0), qkv.shape(1), state_}, mx::float32, {qkv},
                      [this, layer, first_row, column](const std::vector<mx::array>& inputs, mx::array& output) {
                        append(layers_[layer], inputs[0], first_row, column);
                        attend(layers_[layer], inputs[0], first_row, column, output.data<float>());
                      });
  }

  mx::array cross_attention(int layer, const mx::array& queries, int first_row) override {
    std::vector<const uint16_t*> caches;
    for (int row = first_row; row < first_row + queries.shape(0); ++row) {
      caches.push_back(cross_[layer][row].data<uint16_t>());
    }
    return cpu_kernel("HearthCrossAttention", queries.shape(), mx::float32, {queries},
                      [this, caches = std::move(caches)](const std::vector<mx::array>& inputs, mx::array& output) {
                        kernels::cross_attention(inputs[0].data<float>(), inputs[0].shape(0), inputs[0].shape(1),
                                                 heads_, frames_, kAttentionScale, caches.data(), output.data<float>());
                      });
  }

  mx::array cross_scores(int layer, int head, const mx::array& queries, int row) override {
    const auto* cache = cross_[layer][row].data<uint16_t>();
    return cpu_kernel("HearthCrossScores", {queries.shape(1), frames_}, mx::float32, {queries},
                      [this, cache, head](const std::vector<mx::array>& inputs, mx::array& output) {
                        std::vector<float> keys(static_cast<size_t>(frames_) * kHeadSize);
                        kernels::unpack_cross_keys(cache, heads_, frames_, head, keys.data());
                        for (float& value : keys) value *= kAttentionScale;
                        const kernels::PackedMatrix matrix(keys.data(), frames_, kHeadSize);
                        kernels::linear(inputs[0].data<float>() + head * kHeadSize, state_, inputs[0].shape(1), matrix,
                                        {}, output.data<float>(), frames_);
                      });
  }

  void select(std::span<const int> rows) override {
    for (auto& layer : layers_) {
      gather(layer.keys, rows);
      gather(layer.values, rows);
    }
    for (auto& layer : cross_) {
      std::vector<mx::array> kept;
      for (const int row : rows) kept.push_back(layer[row]);
      layer = std::move(kept);
    }
    std::vector<int> starts;
    for (const int row : rows) starts.push_back(start_columns_[row]);
    start_columns_ = std::move(starts);
  }

 private:
  int64_t row_size() const { return static_cast<int64_t>(columns_) * state_; }

  void append(LayerCache& cache, const mx::array& qkv, int first_row, int column) {
    const int positions = qkv.shape(1);
    used_columns_ = std::max(used_columns_, column + positions);
    const float* source = qkv.data<float>();
    for (int row = 0; row < qkv.shape(0); ++row) {
      int64_t target = (first_row + row) * row_size() + static_cast<int64_t>(column) * state_;
      for (int position = 0; position < positions; ++position, source += 3 * state_, target += state_) {
        std::copy_n(source + state_, state_, cache.keys.data() + target);
        std::copy_n(source + 2 * state_, state_, cache.values.data() + target);
      }
    }
  }

  void attend(const LayerCache& cache, const mx::array& qkv, int first_row, int column, float* out) const {
    const int rows = qkv.shape(0);
    const auto starts = std::span(start_columns_).subspan(first_row, rows);
    const bool aligned = std::ranges::all_of(starts, [&](int start) { return start == starts.front(); });
    const int batch = aligned ? rows : 1;
    for (int row = 0; row < rows; row += batch) {
      const int positions = qkv.shape(1);
      const int64_t query_batch = 3LL * positions * state_;
      const int64_t first_key = (first_row + row) * row_size() + static_cast<int64_t>(starts[row]) * state_;
      kernels::attention({.batch = batch,
                          .queries = positions,
                          .keys = column + positions - starts[row],
                          .heads = heads_,
                          .causal = true,
                          .scale = kAttentionScale},
                         {qkv.data<float>() + row * query_batch, query_batch, 3LL * state_, kHeadSize},
                         {cache.keys.data() + first_key, row_size(), state_, kHeadSize},
                         {cache.values.data() + first_key, row_size(), state_, kHeadSize},
                         out + static_cast<int64_t>(row) * positions * state_);
    }
  }

  /// Only what was written is copied: at a batch's start that is the prompt, a few of the columns.
  void gather(std::vector<float>& buffer, std::span<const int> rows) const {
    std::vector<float> kept(rows.size() * row_size());
    for (size_t i = 0; i < rows.size(); ++i) {
      std::copy_n(buffer.data() + rows[i] * row_size(), static_cast<int64_t>(used_columns_) * state_,
                  kept.data() + i * row_size());
    }
    buffer = std::move(kept);
  }

  int heads_;
  int state_;
  int frames_;
  int columns_;
  int used_columns_ = 0;
  std::vector<int> start_columns_;
  std::vector<LayerCache> layers_;
  std::vector<std::vector<mx::array>> cross_;  ///< [layer][row]
};

}  // namespace

std::unique_ptr<AttentionState> make_cpu_attention_state(const ModelDimensions& dimensions,
                                                         std::span<const RowPlacement> rows, int columns) {
  return std::make_unique<CpuAttentionState>(dimensions, rows, columns);
}

}  // namespace hearth::whisper
