#include "silero.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "../kernels/kernels.h"
#include "../weights/weights.h"
#include "even_level.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::vad {
namespace {

constexpr int kContextSamples = 64;  ///< of the chunk before, and as many reflected after
constexpr int kPaddedSamples = kContextSamples + kChunkSamples + kContextSamples;
constexpr int kWindowSamples = 256;
constexpr int kHopSamples = 128;
constexpr int kFrames = (kPaddedSamples - kWindowSamples) / kHopSamples + 1;
constexpr int kBins = kWindowSamples / 2 + 1;
constexpr int kStateSize = 128;

struct Dense {
  kernels::PackedMatrix matrix;
  std::vector<float> bias;

  /// x [rows, inputs] to [rows, outputs].
  std::vector<float> operator()(const std::vector<float>& x) const {
    const int rows = static_cast<int>(x.size()) / matrix.inputs();
    std::vector<float> y(static_cast<size_t>(rows) * matrix.outputs());
    kernels::linear(x.data(), matrix.inputs(), rows, matrix, {.bias = bias.empty() ? nullptr : bias.data()}, y.data(),
                    matrix.outputs());
    return y;
  }
  /// One row, with `more` [outputs] added to it.
  void add_to(const float* more, const float* x, float* y) const {
    kernels::linear(x, matrix.inputs(), 1, matrix, {.bias = bias.data(), .residual = more}, y, matrix.outputs());
  }
};

std::vector<float> floats(const mx::array& tensor) {
  auto dense = mx::contiguous(mx::astype(tensor, mx::float32));
  dense.eval();
  return {dense.data<float>(), dense.data<float>() + dense.size()};
}

Dense cell_layer(const weights::Weights& weights, const std::string& source) {
  const auto weight = floats(weights.tensor("lstm_cell.weight_" + source, {4 * kStateSize, kStateSize}));
  return {kernels::PackedMatrix(weight.data(), 4 * kStateSize, kStateSize),
          floats(weights.tensor("lstm_cell.bias_" + source, {4 * kStateSize}))};
}

/// [outputs, channels, 3] becomes a matrix over three neighbouring frames, tap before channel.
Dense convolution(const weights::Weights& weights, const std::string& name, int outputs, int channels) {
  const auto weight = floats(mx::swapaxes(weights.tensor(name + ".weight", {outputs, channels, 3}), 1, 2));
  return {kernels::PackedMatrix(weight.data(), outputs, 3 * channels),
          floats(weights.tensor(name + ".bias", {outputs}))};
}

/// Kernel 3, padding 1, then max(x, 0): x [chunks, frames, channels] to [chunks, (frames - 1) / stride + 1, outputs].
std::vector<float> convolve(const Dense& layer, const std::vector<float>& x, int frames, int stride) {
  const int channels = layer.matrix.inputs() / 3;
  const int chunks = static_cast<int>(x.size()) / (frames * channels);
  std::vector<float> neighbours;
  for (int chunk = 0; chunk < chunks; ++chunk) {
    for (int frame = 0; frame < frames; frame += stride) {
      for (int tap = frame - 1; tap <= frame + 1; ++tap) {
        const auto source = x.begin() + (static_cast<int64_t>(chunk) * frames + tap) * channels;
        if (tap < 0 || tap >= frames) {
          neighbours.insert(neighbours.end(), channels, 0.0f);
        } else {
          neighbours.insert(neighbours.end(), source, source + channels);
        }
      }
    }
  }
  auto y = layer(neighbours);
  for (float& value : y) value = std::max(value, 0.0f);
  return y;
}

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

/// The chunk at a place with the 64 samples before it and 64 reflected after it, cut into overlapping windows.
void append_windows(const EvenLevel& samples, int64_t place, std::vector<float>& windows) {
  std::array<float, kPaddedSamples> padded;
  const int64_t first = place - kContextSamples;
  for (int i = 0; i < kContextSamples + kChunkSamples; ++i) padded[i] = samples.at(first + i);
  constexpr int kLast = kContextSamples + kChunkSamples - 1;
  for (int i = 1; i <= kContextSamples; ++i) padded[kLast + i] = padded[kLast - i];
  for (int frame = 0; frame < kFrames; ++frame) {
    const auto start = padded.begin() + frame * kHopSamples;
    windows.insert(windows.end(), start, start + kWindowSamples);
  }
}

/// Real and imaginary parts [rows, 2 * bins] to magnitudes [rows, bins].
std::vector<float> magnitudes(const std::vector<float>& spectrum) {
  std::vector<float> result(spectrum.size() / 2);
  for (size_t row = 0; row < result.size() / kBins; ++row) {
    kernels::power(spectrum.data() + row * 2 * kBins, kBins, result.data() + row * kBins);
  }
  for (float& value : result) value = std::sqrt(value);
  return result;
}

}  // namespace

struct Silero::Layers {
  explicit Layers(const weights::Weights& weights)
      : spectrum{
            kernels::PackedMatrix(floats(weights.tensor("stft_conv.weight", {2 * kBins, 1, kWindowSamples})).data(),
                                  2 * kBins, kWindowSamples),
            {}},
        convolution1(convolution(weights, "conv1", 128, kBins)),
        convolution2(convolution(weights, "conv2", 64, 128)),
        convolution3(convolution(weights, "conv3", 64, 64)),
        convolution4(convolution(weights, "conv4", kStateSize, 64)),
        cell_input(cell_layer(weights, "ih")),
        cell_state(cell_layer(weights, "hh")),
        output(floats(weights.tensor("final_conv.weight", {1, kStateSize, 1}))),
        output_bias(floats(weights.tensor("final_conv.bias", {1})).front()) {}

  /// [windows] to the LSTM's inputs [chunks, 128].
  std::vector<float> encode(const std::vector<float>& windows) const {
    auto x = convolve(convolution1, magnitudes(spectrum(windows)), kFrames, 1);
    x = convolve(convolution2, x, kFrames, 2);
    x = convolve(convolution3, x, kFrames / 2, 2);
    return convolve(convolution4, x, 1, 1);
  }

  Dense spectrum, convolution1, convolution2, convolution3, convolution4, cell_input, cell_state;
  std::vector<float> output;
  float output_bias;
};

Silero::Silero(const std::string& path)
    : layers_(std::make_unique<Layers>(weights::Weights(path, weights::read_tensors(path)))) {}

Silero::~Silero() = default;

SpeechRun::SpeechRun(std::shared_ptr<const Silero> network) : hidden(kStateSize, 0.0F), cell(kStateSize, 0.0F), network_(std::move(network)) {}

void SpeechRun::hear(const EvenLevel& sound, int64_t place, int64_t chunks) {
  const auto& layers = network_->layers();
  std::vector<float> windows;
  for (int64_t chunk = 0; chunk < chunks; ++chunk) append_windows(sound, place + chunk * kChunkSamples, windows);
  const auto inputs = layers.cell_input(layers.encode(windows));
  for (int64_t chunk = 0; chunk < chunks; ++chunk) {
    float gates[4 * kStateSize];
    layers.cell_state.add_to(inputs.data() + chunk * 4 * kStateSize, hidden.data(), gates);
    kernels::lstm_step(gates, kStateSize, cell.data(), hidden.data());
    float sum = layers.output_bias;
    for (int i = 0; i < kStateSize; ++i) sum += layers.output[i] * std::max(hidden[i], 0.0f);
    probabilities.push_back(sigmoid(sum));
  }
}

struct SpeechDetection::State {
  State(std::shared_ptr<const Silero> network, std::span<const int16_t> samples, int64_t known_samples,
        std::shared_ptr<HeardSound> memory)
      : run(std::move(network)),
        heard(memory ? memory->level : 0),
        known_samples(known_samples),
        chunks((static_cast<int64_t>(samples.size()) - known_samples + kChunkSamples - 1) / kChunkSamples),
        memory(std::move(memory)) {
    heard.follow(samples, true);
    run.probabilities.reserve(chunks);
    if (!this->memory || this->memory->hidden.empty()) return;
    run.hidden = this->memory->hidden;
    run.cell = this->memory->cell;
  }

  SpeechRun run;
  EvenLevel heard;
  int64_t known_samples;
  int64_t chunks;
  std::shared_ptr<HeardSound> memory;
};

SpeechDetection::SpeechDetection(std::shared_ptr<const Silero> network, std::span<const int16_t> samples)
    : SpeechDetection(std::move(network), samples, 0, nullptr) {}
SpeechDetection::SpeechDetection(std::shared_ptr<const Silero> network, std::span<const int16_t> samples,
                                 int64_t known_samples, std::shared_ptr<HeardSound> heard)
    : state_(std::make_unique<State>(std::move(network), samples, known_samples, std::move(heard))) {}
SpeechDetection::~SpeechDetection() = default;
SpeechDetection::SpeechDetection(SpeechDetection&&) noexcept = default;
SpeechDetection& SpeechDetection::operator=(SpeechDetection&&) noexcept = default;

bool SpeechDetection::advance() {
  auto& [run, heard, known_samples, chunks, memory] = *state_;
  const auto first = static_cast<int64_t>(run.probabilities.size());
  const int64_t last = std::min<int64_t>(first + kBatchChunks, chunks);
  if (first == last) return true;
  run.hear(heard, known_samples + first * kChunkSamples, last - first);
  if (memory) *memory = {run.hidden, run.cell, heard.level()};
  return last == chunks;
}

std::vector<float> SpeechDetection::take_probabilities() { return std::move(state_->run.probabilities); }

}  // namespace hearth::vad
