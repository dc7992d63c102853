#pragma once

#include <string>
#include <vector>

#include "../whisper/operations.h"
#include "layer_inputs.h"
#include "layer_sink.h"
#include "mlx/array.h"
#include "quantize_model.h"

namespace hearth::quantize {

/// The same values in the float model, and in the quantised one as far as it is made.
struct Twin {
  mlx::core::array exact, own;
};
/// What each window has come to.
using Windows = std::vector<Twin>;

struct Norm {
  mlx::core::array weight, bias;
};

/// One side's blocks, quantised one layer after the other while the windows go through them. `states` are [1,
/// positions, state].
class CalibratedBlocks {
 public:
  CalibratedBlocks(const QuantizeRequest& request, const whisper::Operations& operations, LayerSink& sink,
                   std::string side, int state)
      : request_(request), operations_(operations), sink_(sink), side_(std::move(side)), state_(state) {}

  void self_attention(int block, Windows& states);
  void cross_attention(int block, Windows& states, const Windows& features);
  void mlp(int block, Windows& states);

  Norm keep_norm(const std::string& name);
  Twin apply(const Norm& norm, const Twin& x) const;

 private:
  struct Layer {
    whisper::LinearPointer exact, own;
  };

  std::string name_of(int block) const { return side_ + ".blocks." + std::to_string(block) + "."; }
  LayerShape square(const std::string& name) const { return {name, state_, state_}; }
  Twin linear(const Twin& x, const Layer& layer, bool gelu = false) const;
  /// Quantises layers that have the same inputs, and gives one layer that has the outputs of all.
  Layer quantize(const std::vector<LayerShape>& shapes, const Windows& inputs);
  /// Quantises the layer whose output is added to the states, and adds it.
  void quantize_and_add(const LayerShape& shape, const Windows& inputs, Windows& states);
  Layer fit(const std::vector<LayerShape>& shapes, const Windows& inputs, const Windows* residuals);
  void add_attended(const std::string& name, Windows& states, const Windows& attended);

  const QuantizeRequest& request_;
  const whisper::Operations& operations_;
  LayerSink& sink_;
  std::string side_;
  int state_;
};

}  // namespace hearth::quantize
