#include "cpu_attention_state.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "../kernels/kernels.h"
#include "cpu_kernel.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// [length, state] each, of one row in one layer.
struct KeysAndValues {
  std::vector<float> keys;
  std::vector<float> values;
};

struct Row {
  std::vector<KeysAndValues> layers;
  std::vector<mx::array> cross;  ///< of each layer
  int cross_positions;
};

class CpuAttentionState : public AttentionState {
 public:
  explicit CpuAttentionState(const ModelDimensions& dimensions)
      : heads_(dimensions.text_heads),
        state_(dimensions.text_state),
        layers_(dimensions.text_layers) {}

  void add(std::span<const CrossCache> windows, int) override {
    for (const auto& window : windows) {
      auto& row = rows_.emplace_back();
      row.layers.resize(layers_);
      row.cross_positions = window.positions.front();
      for (const auto& entry : window.layers) row.cross.push_back(entry.front());
    }
  }

  mx::array self_attention(int layer, const mx::array& qkv, const RunRows& run) override {
    return cpu_kernel("HearthSelfAttention", {qkv.shape(0), state_}, mx::float32, {qkv},
                      [this, layer, run](const std::vector<mx::array>& inputs, mx::array& output) {
                        const float* values = inputs[0].data<float>();
                        append(layer, values, run);
                        if (run.positions == 1) {
                          attend_once(layer, values, run, output.data<float>());
                        } else {
                          attend_row_by_row(layer, values, run, output.data<float>());
                        }
                      });
  }

  mx::array cross_attention(int layer, const mx::array& queries, const RunRows& run) override {
    std::vector<kernels::PackedWindow> windows;
    for (int row = run.first; row < run.first + run.count; ++row) {
      windows.push_back({rows_[row].cross[layer].data<uint16_t>(), rows_[row].cross_positions});
    }
    return cpu_kernel("HearthCrossAttention", queries.shape(), mx::float32, {queries},
                      [this, run, windows = std::move(windows)](const std::vector<mx::array>& inputs,
                                                                mx::array& output) {
                        kernels::cross_attention(inputs[0].data<float>(), run.positions, windows, heads_,
                                                 kAttentionScale, output.data<float>());
                      });
  }

  mx::array cross_scores(int layer, int head, const mx::array& queries, int row) override {
    const auto* cache = rows_[row].cross[layer].data<uint16_t>();
    const int frames = rows_[row].cross_positions;
    return cpu_kernel("HearthCrossScores", {queries.shape(0), frames}, mx::float32, {queries},
                      [this, cache, frames, head](const std::vector<mx::array>& inputs, mx::array& output) {
                        std::vector<float> keys(static_cast<size_t>(frames) * kHeadSize);
                        kernels::unpack_cross_keys(cache, heads_, frames, head, keys.data());
                        for (float& value : keys) value *= kAttentionScale;
                        const kernels::PackedMatrix matrix(keys.data(), frames, kHeadSize);
                        kernels::linear(inputs[0].data<float>() + head * kHeadSize, state_, inputs[0].shape(0), matrix,
                                        {}, output.data<float>(), frames);
                      });
  }

  void advance(int, int, int) override {}

  void select(std::span<const int> rows) override {
    std::vector<int> uses(rows_.size(), 0);
    for (const int row : rows) ++uses[row];
    std::vector<Row> selected;
    for (const int row : rows) selected.push_back(--uses[row] == 0 ? std::move(rows_[row]) : rows_[row]);
    rows_ = std::move(selected);
  }

  void forget(std::span<const int> positions) override {
    for (size_t row = 0; row < positions.size(); ++row) {
      for (auto& [keys, values] : rows_[row].layers) {
        keys.resize(keys.size() - static_cast<size_t>(positions[row]) * state_);
        values.resize(keys.size());
      }
    }
  }

 private:
  int length(const KeysAndValues& memory) const { return static_cast<int>(memory.keys.size()) / state_; }

  void append(int layer, const float* source, const RunRows& run) {
    for (int row = 0; row < run.count; ++row) {
      auto& [keys, values] = rows_[run.first + row].layers[layer];
      for (int position = 0; position < run.positions; ++position, source += 3 * state_) {
        keys.insert(keys.end(), source + state_, source + 2 * state_);
        values.insert(values.end(), source + 2 * state_, source + 3 * state_);
      }
    }
  }

  void attend_once(int layer, const float* qkv, const RunRows& run, float* out) const {
    std::vector<kernels::RowMemory> memories;
    for (int row = 0; row < run.count; ++row) {
      const auto& memory = rows_[run.first + row].layers[layer];
      memories.push_back({memory.keys.data(), memory.values.data(), length(memory)});
    }
    kernels::row_attention(qkv, 3LL * state_, memories, heads_, kAttentionScale, out);
  }

  void attend_row_by_row(int layer, const float* qkv, const RunRows& run, float* out) const {
    const int positions = run.positions;
    for (int row = 0; row < run.count; ++row) {
      const auto& memory = rows_[run.first + row].layers[layer];
      const int64_t first_query = 3LL * row * positions * state_;
      kernels::attention({.batch = 1,
                          .queries = positions,
                          .keys = length(memory),
                          .heads = heads_,
                          .causal = true,
                          .scale = kAttentionScale},
                         {qkv + first_query, 0, 3LL * state_, kHeadSize},
                         {memory.keys.data(), 0, state_, kHeadSize}, {memory.values.data(), 0, state_, kHeadSize},
                         out + static_cast<int64_t>(row) * positions * state_);
    }
  }

  int heads_;
  int state_;
  int layers_;
  std::vector<Row> rows_;
};

}  // namespace

std::unique_ptr<AttentionState> make_cpu_attention_state(const ModelDimensions& dimensions) {
  return std::make_unique<CpuAttentionState>(dimensions);
}

}  // namespace hearth::whisper
