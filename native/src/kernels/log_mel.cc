#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "kernel_table.h"
#include "mel_filters.h"
#include "thread_pool.h"

namespace hearth::kernels {
namespace {

constexpr int kWindowSamples = LogMel::kWindowSamples;
constexpr int kHopSamples = LogMel::kHopSamples;
constexpr int kBins = kWindowSamples / 2 + 1;
constexpr int kFramesPerBatch = 512;  ///< keeps the spectra of a long recording small
constexpr float kSampleScale = 1.0F / 32768;

/// The Fourier transform with the periodic Hann window folded in, [2 * bins, 400]: cosines, then sines.
std::vector<float> windowed_basis() {
  std::vector<float> basis(static_cast<size_t>(2) * kBins * kWindowSamples);
  for (int bin = 0; bin < kBins; ++bin) {
    for (int i = 0; i < kWindowSamples; ++i) {
      const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / kWindowSamples);
      const double angle = 2 * std::numbers::pi * (static_cast<int64_t>(bin) * i % kWindowSamples) / kWindowSamples;
      basis[static_cast<size_t>(bin) * kWindowSamples + i] = static_cast<float>(window * std::cos(angle));
      basis[static_cast<size_t>(kBins + bin) * kWindowSamples + i] = static_cast<float>(window * std::sin(angle));
    }
  }
  return basis;
}

/// Sample `at` of the recording, reflected before its start, silent after its end.
float sample_at(const int16_t* samples, size_t count, int64_t at) {
  const int64_t index = at < 0 ? -at : at;
  return index < static_cast<int64_t>(count) ? samples[index] * kSampleScale : 0.0F;
}

}  // namespace

struct LogMel::Tables {
  explicit Tables(int mel_bins)
      : basis(windowed_basis().data(), 2 * kBins, kWindowSamples), filters(mel_filters(mel_bins)) {}
  PackedMatrix basis;
  std::vector<MelBand> filters;
};

LogMel::LogMel(int mel_bins) : tables_(std::make_unique<Tables>(mel_bins)) {}
LogMel::~LogMel() = default;

int LogMel::mel_bins() const { return static_cast<int>(tables_->filters.size()); }

void LogMel::frames(const int16_t* samples, size_t sample_count, int64_t first_frame, int frame_count,
                    float* out) const {
  std::vector<float> signal, spectra;
  for (int done = 0; done < frame_count; done += kFramesPerBatch) {
    const int frames = std::min(kFramesPerBatch, frame_count - done);
    const int64_t start = (first_frame + done) * kHopSamples - kWindowSamples / 2;
    signal.resize(static_cast<size_t>(frames - 1) * kHopSamples + kWindowSamples);
    for (size_t i = 0; i < signal.size(); ++i)
      signal[i] = sample_at(samples, sample_count, start + static_cast<int64_t>(i));
    spectra.resize(static_cast<size_t>(frames) * 2 * kBins);
    linear(signal.data(), kHopSamples, frames, tables_->basis, {}, spectra.data(), 2 * kBins);
    parallel_ranges(frames, 64, [&](int first, int last) {
      float power[kBins];
      for (int frame = first; frame < last; ++frame) {
        kernel_table().power(spectra.data() + static_cast<int64_t>(frame) * 2 * kBins, kBins, power);
        float* values = out + static_cast<int64_t>(done + frame) * mel_bins();
        for (const auto& band : tables_->filters) {
          float energy = 0;
          for (size_t i = 0; i < band.weights.size(); ++i) energy += band.weights[i] * power[band.first_bin + i];
          *values++ = std::log10(std::max(energy, 1e-10F));
        }
      }
    });
  }
}

// The recording's last sample and half a window.
int64_t LogMel::frames_of(size_t sample_count) { return static_cast<int64_t>(sample_count / kHopSamples) + 3; }

float LogMel::maximum(const int16_t* samples, size_t sample_count, int64_t first_frame, int64_t frame_count) const {
  std::vector<float> values(static_cast<size_t>(kFramesPerBatch) * mel_bins());
  float largest = -10;
  for (int64_t done = 0; done < frame_count; done += kFramesPerBatch) {
    const int count = static_cast<int>(std::min<int64_t>(kFramesPerBatch, frame_count - done));
    frames(samples, sample_count, first_frame + done, count, values.data());
    largest =
        std::max(largest, *std::max_element(values.begin(), values.begin() + static_cast<int64_t>(count) * mel_bins()));
  }
  return largest;
}

void normalize_log_mel(float* values, size_t count, float maximum) {
  for (size_t i = 0; i < count; ++i) values[i] = (std::max(values[i], maximum - 8.0F) + 4.0F) / 4.0F;
}

}  // namespace hearth::kernels
