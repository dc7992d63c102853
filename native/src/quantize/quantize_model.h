#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../audio/recording.h"
#include "../cancellation.h"
#include "../whisper/dimensions.h"

namespace hearth::quantize {

/// A window of real speech, and the tokens that the float model writes for it with those that it was prompted with.
struct CalibrationWindow {
  std::shared_ptr<audio::Recording> recording;
  int64_t start_frame;
  int frame_count;
  std::vector<int> tokens;
};

struct QuantizeRequest {
  std::string weights_path;
  std::vector<std::string> other_weights_paths;  ///< of a model whose weights are in several files
  whisper::ModelDimensions dimensions;
  std::string output_path;  ///< of a safetensors file, in mlx-whisper's layout
  /// Of a list of the layers that it has. If there is one, the layers in it stay, and the rest is made. Empty: none.
  std::string finished_path;
  int bits = 4;
  int encoder_bits = 4;
  int group_size = 64;
  std::vector<std::pair<int, int>> alignment_heads;  ///< to store; none if empty
  std::vector<CalibrationWindow> windows;            ///< none: plain quantisation
};

/// Told after each layer.
using OnLayer = std::function<void(int done, int total)>;

/// Quantises the linear layers and the token embedding of a float model, one at a time. Throws MODEL_INVALID,
/// DISK_FULL, OUTPUT_NOT_WRITABLE, CANCELLED.
void quantize_model(const QuantizeRequest& request, const OnLayer& on_layer, const Cancellation& cancellation);

}  // namespace hearth::quantize
