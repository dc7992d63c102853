#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "../../src/audio/audio.h"
#include "../../src/audio/resampler.h"
#include "laws.h"

namespace hearth::audio {
namespace {

/// Integer and odd ratios, and two with many phases that the resampler interpolates (44056 Hz, 47999 Hz).
constexpr int kRates[] = {8000, 11025, 12000, 22050, 24000, 32000, 44056, 44100, 47999, 48000, 96000, 192000};
/// Output samples at both ends that the filter mixes with the silence around the recording.
constexpr size_t kEdge = 128;

std::vector<float> resample(int rate, const std::vector<float>& samples) {
  Resampler resampler(rate, kSampleRate);
  std::vector<float> out;
  resampler.push(samples.data(), samples.size(), out);
  resampler.finish(out);
  return out;
}

std::vector<float> tone(double frequency, int rate, size_t count) {
  std::vector<float> samples(count);
  for (size_t i = 0; i < count; ++i) {
    samples[i] = static_cast<float>(std::sin(2 * std::numbers::pi * frequency * static_cast<double>(i) / rate));
  }
  return samples;
}

double decibels(double ratio) { return 20 * std::log10(std::max(ratio, 1e-12)); }

/// The level that remains of a tone of level 1, without the edges.
double level_of_resampled_tone(double frequency, int rate) {
  const std::vector<float> out = resample(rate, tone(frequency, rate, static_cast<size_t>(rate) / 2));
  double power = 0;
  for (size_t i = kEdge; i < out.size() - kEdge; ++i) power += static_cast<double>(out[i]) * out[i];
  return decibels(std::sqrt(2 * power / static_cast<double>(out.size() - 2 * kEdge)));
}

std::string case_text(int rate, double frequency, double level) {
  return std::to_string(rate) + " Hz, tone of " + std::to_string(frequency) + " Hz: " + std::to_string(level) + " dB";
}

std::vector<std::string> lengths_off() {
  std::vector<std::string> broken;
  for (const int rate : kRates) {
    for (const size_t count : {1, 2, 3, 100, 441, 4099, 20001}) {
      const size_t expected = (count * kSampleRate + rate - 1) / rate;
      const size_t got = resample(rate, std::vector<float>(count, 0.5f)).size();
      if (got != expected) broken.push_back(std::to_string(count) + " samples of " + std::to_string(rate) + " Hz");
    }
  }
  return broken;
}

std::vector<std::string> constants_changed() {
  std::vector<std::string> broken;
  for (const int rate : kRates) {
    const std::vector<float> out = resample(rate, std::vector<float>(static_cast<size_t>(rate) / 4, 0.5f));
    const bool holds =
        std::all_of(out.begin() + kEdge, out.end() - kEdge, [](float value) { return std::abs(value - 0.5f) < 2e-6f; });
    if (!holds) broken.push_back(std::to_string(rate) + " Hz");
  }
  return broken;
}

std::vector<std::string> cuts_that_matter() {
  std::vector<std::string> broken;
  std::mt19937 random(7);
  std::uniform_real_distribution<float> noise(-1, 1);
  for (const int rate : kRates) {
    std::vector<float> samples(9001);
    std::generate(samples.begin(), samples.end(), [&] { return noise(random); });
    const std::vector<float> whole = resample(rate, samples);
    Resampler resampler(rate, kSampleRate);
    std::vector<float> pieces;
    for (size_t start = 0; start < samples.size();) {
      const size_t length = std::min<size_t>(random() % 700, samples.size() - start);
      resampler.push(samples.data() + start, length, pieces);
      start += length;
    }
    resampler.finish(pieces);
    if (pieces != whole) broken.push_back(std::to_string(rate) + " Hz");
  }
  return broken;
}

std::vector<std::string> speech_tones_bent() {
  std::vector<std::string> broken;
  for (const int rate : kRates) {
    for (const double frequency : {50.0, 440.0, 1000.0, 3000.0, 5000.0, 6500.0, 7000.0}) {
      if (frequency > 7.0 / 16 * rate) continue;
      const double level = level_of_resampled_tone(frequency, rate);
      if (std::abs(level) > 0.05) broken.push_back(case_text(rate, frequency, level));
    }
  }
  return broken;
}

std::vector<std::string> aliases_heard() {
  std::vector<std::string> broken;
  for (const int rate : kRates) {
    for (const double frequency : {8400.0, 9000.0, 10000.0, 12000.0, 15000.0, 20000.0, 40000.0}) {
      if (frequency > 0.49 * rate) continue;
      const double level = level_of_resampled_tone(frequency, rate);
      if (level > -80) broken.push_back(case_text(rate, frequency, level));
    }
  }
  return broken;
}

std::vector<std::string> samples_off_their_time() {
  std::vector<std::string> broken;
  for (const int rate : kRates) {
    const std::vector<float> out = resample(rate, tone(1000, rate, static_cast<size_t>(rate) / 4));
    const std::vector<float> ideal = tone(1000, kSampleRate, out.size());
    double error = 0;
    for (size_t i = kEdge; i < out.size() - kEdge; ++i) error = std::max<double>(error, std::abs(out[i] - ideal[i]));
    if (decibels(error) > -90) broken.push_back(case_text(rate, 1000, decibels(error)));
  }
  return broken;
}

}  // namespace

std::vector<Law> resampler_laws() {
  return {
      {"n samples become ceil(n * 16000 / rate)", lengths_off},
      {"a constant keeps its level", constants_changed},
      {"how the input is cut into pieces changes no sample", cuts_that_matter},
      {"tones of speech, up to 7 kHz, keep their level within 0.05 dB", speech_tones_bent},
      {"tones above 8.4 kHz, which would fold into speech, stay below -80 dB", aliases_heard},
      {"sample i lies at time i / 16000, with errors below -90 dB", samples_off_their_time},
  };
}

}  // namespace hearth::audio
