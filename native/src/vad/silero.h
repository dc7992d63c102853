#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hearth::vad {

constexpr int kChunkSamples = 512;  ///< 32 ms at 16 kHz
constexpr int kBatchChunks = 32;    ///< about 1 s: the buffers stay in the cache, and other work need not wait long

class EvenLevel;

/// Silero's voice activity network (snakers4/silero-vad 6, 16 kHz): a spectrogram by convolution, four convolutions, an
/// LSTM cell and one output.
class Silero {
 public:
  /// `path` is silero_vad_16k.safetensors. Throws MODEL_INVALID.
  explicit Silero(const std::string& path);
  ~Silero();

  struct Layers;
  const Layers& layers() const { return *layers_; }

 private:
  std::unique_ptr<Layers> layers_;
};

/// The network at work on a recording, chunk after chunk.
class SpeechRun {
 public:
  explicit SpeechRun(std::shared_ptr<const Silero> network);
  /// Hears so many more chunks, the first of which lies at `place`.
  void hear(const EvenLevel& sound, int64_t place, int64_t chunks);

  std::vector<float> probabilities, hidden, cell;

 private:
  std::shared_ptr<const Silero> network_;
};

/// What is remembered of sound from one piece of it to the next.
struct HeardSound {
  std::vector<float> hidden, cell;  ///< empty before the first piece
  float level = 0;
};

/// Where somebody speaks in a recording, found piece by piece.
class SpeechDetection {
 public:
  /// `samples` stay where they are until the end.
  SpeechDetection(std::shared_ptr<const Silero> network, std::span<const int16_t> samples);
  /// Goes on with sound that is still coming: the first `known_samples`, if any, were heard before. What is remembered of
  /// all of them is left in `heard`.
  SpeechDetection(std::shared_ptr<const Silero> network, std::span<const int16_t> samples, int64_t known_samples,
                  std::shared_ptr<HeardSound> heard);
  ~SpeechDetection();
  SpeechDetection(SpeechDetection&&) noexcept;
  SpeechDetection& operator=(SpeechDetection&&) noexcept;

  /// Hears about 1 s more; whether that was all.
  bool advance();
  /// The probability of speech in every chunk of 512 samples; the last chunk is filled up with zeros.
  std::vector<float> take_probabilities();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hearth::vad
