#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "log_mel_window.h"
#include "mlx/array.h"

namespace hearth::whisper {

/// Log-mel in MLX's operations, in float32, within 1e-5 of `kernels::LogMel`. Its products are sums of numbers side by
/// side: a device may round the inputs of a matrix product.
class DeviceLogMel {
 public:
  explicit DeviceLogMel(int mel_bins) : mel_bins_(mel_bins) {}

  /// What a window is normalised to: a value, or that of its own 30 s where it is larger.
  struct Maximum {
    float value;
    bool or_own;
  };
  /// As `log_mel_window`; not computed yet.
  Mel window(std::span<const int16_t> samples, const Maximum& maximum, int64_t start_frame, int frame_count,
             int window_frames) const;

 private:
  struct Tables {
    mlx::core::array hann;     ///< [400]
    mlx::core::array bins;     ///< of the spectrum, int32 [mel bins * width]: those that a mel bin adds up
    mlx::core::array weights;  ///< [mel bins, width], zeros behind those of a narrow mel bin
  };

  const Tables& tables() const;

  int mel_bins_;
  mutable std::optional<Tables> tables_;
};

}  // namespace hearth::whisper
