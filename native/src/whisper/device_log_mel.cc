#include "device_log_mel.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "../kernels/mel_filters.h"
#include "dimensions.h"
#include "mlx/fft.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

constexpr int kWindowSamples = kernels::LogMel::kWindowSamples;
constexpr int kHopSamples = kernels::LogMel::kHopSamples;
constexpr float kSampleScale = 1.0F / 32768;

/// What the frames from `start_frame` hear: reflected before the recording's start, silent after its end.
mx::array signal_from(std::span<const int16_t> samples, int64_t start_frame) {
  constexpr int kCount = (kFramesPerWindow - 1) * kHopSamples + kWindowSamples;
  const int64_t start = start_frame * kHopSamples - kWindowSamples / 2;
  std::vector<int16_t> heard(kCount, 0);
  const auto count = static_cast<int64_t>(samples.size());
  for (int64_t at = start; at < std::min<int64_t>(start + kCount, 0); ++at) {
    if (-at < count) heard[at - start] = samples[-at];
  }
  const int64_t first = std::clamp<int64_t>(start, 0, count), last = std::clamp<int64_t>(start + kCount, 0, count);
  if (first < last) std::copy(samples.begin() + first, samples.begin() + last, heard.begin() + (first - start));
  return mx::array(heard.begin(), {kCount}, mx::int16);
}

mx::array hann_window() {
  std::vector<float> values(kWindowSamples);
  for (int i = 0; i < kWindowSamples; ++i) {
    values[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / kWindowSamples));
  }
  return mx::array(values.begin(), {kWindowSamples}, mx::float32);
}

}  // namespace

const DeviceLogMel::Tables& DeviceLogMel::tables() const {
  if (tables_) return *tables_;
  const auto bands = kernels::mel_filters(mel_bins_);
  size_t width = 0;
  for (const auto& band : bands) width = std::max(width, band.weights.size());
  std::vector<int> bins(bands.size() * width, 0);
  std::vector<float> weights(bands.size() * width, 0.0F);
  for (size_t band = 0; band < bands.size(); ++band) {
    for (size_t i = 0; i < bands[band].weights.size(); ++i) {
      bins[band * width + i] = bands[band].first_bin + static_cast<int>(i);
      weights[band * width + i] = bands[band].weights[i];
    }
  }
  const mx::Shape shape{mel_bins_, static_cast<int>(width)};
  tables_ = {hann_window(), mx::array(bins.begin(), {static_cast<int>(bins.size())}, mx::int32),
             mx::array(weights.begin(), shape, mx::float32)};
  return *tables_;
}

/// Of all windows' frames whatever is asked for, so that a device meets one shape.
Mel DeviceLogMel::window(std::span<const int16_t> samples, const Maximum& maximum, int64_t start_frame,
                         int frame_count, int window_frames) const {
  const auto& [hann, bins, weights] = tables();
  const int content = std::clamp(frame_count, 0, window_frames);
  const auto signal = mx::astype(signal_from(samples, start_frame), mx::float32) * mx::array(kSampleScale);
  const auto frames = mx::as_strided(signal, {kFramesPerWindow, kWindowSamples}, {kHopSamples, 1}, 0) * hann;
  const auto spectrum = mx::fft::rfft(frames, kWindowSamples, -1);
  const auto power = mx::square(mx::real(spectrum)) + mx::square(mx::imag(spectrum));
  const auto heard = mx::reshape(mx::take(power, bins, 1), {kFramesPerWindow, mel_bins_, weights.shape(1)});
  const auto energy = mx::sum(heard * weights, -1);
  const auto logarithms = mx::log10(mx::maximum(energy, mx::array(1e-10F)));
  const auto given = mx::array(maximum.value);
  const auto largest = maximum.or_own ? mx::maximum(mx::max(logarithms), given) : given;
  const auto normal = (mx::maximum(logarithms, largest - mx::array(8.0F)) + mx::array(4.0F)) / mx::array(4.0F);
  const auto is_content =
      mx::less(mx::reshape(mx::arange(0, kFramesPerWindow, mx::int32), {kFramesPerWindow, 1}), mx::array(content));
  const auto values = mx::where(is_content, normal, mx::array(0.0F));
  return {mx::slice(values, {0, 0}, {window_frames, mel_bins_}), content};
}

}  // namespace hearth::whisper
