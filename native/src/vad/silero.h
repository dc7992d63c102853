#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../cancellation.h"

namespace hearth::vad {

constexpr int kChunkSamples = 512;  ///< 32 ms at 16 kHz

/// Silero's voice activity network (snakers4/silero-vad 6, 16 kHz): a spectrogram by convolution, four convolutions, an
/// LSTM cell and one output.
class Silero {
 public:
  /// `path` is silero_vad_16k.safetensors. Throws MODEL_INVALID.
  explicit Silero(const std::string& path);
  ~Silero();

  /// The probability of speech in every chunk of 512 samples; the last chunk is filled up with zeros.
  std::vector<float> speech_probabilities(std::span<const int16_t> samples, const Cancellation& cancellation) const;

 private:
  struct Layers;
  std::unique_ptr<Layers> layers_;
};

}  // namespace hearth::vad
