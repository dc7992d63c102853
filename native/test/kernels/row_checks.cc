#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

#include "../../src/kernels/kernels.h"
#include "checks.h"

namespace hearth::kernels::checks {
namespace {

void check_layer_norm(int rows, int columns) {
  const auto x = random_floats(static_cast<size_t>(rows) * columns, 31);
  const auto weight = random_floats(columns, 32), bias = random_floats(columns, 33);
  std::vector<float> y(x.size());
  layer_norm(x.data(), rows, columns, weight.data(), bias.data(), 1e-5F, y.data());
  std::vector<double> expected;
  for (int row = 0; row < rows; ++row) {
    const float* values = x.data() + static_cast<int64_t>(row) * columns;
    double mean = 0, variance = 0;
    for (int i = 0; i < columns; ++i) mean += values[i];
    mean /= columns;
    for (int i = 0; i < columns; ++i) variance += (values[i] - mean) * (values[i] - mean);
    const double factor = 1 / std::sqrt(variance / columns + 1e-5);
    for (int i = 0; i < columns; ++i) expected.push_back((values[i] - mean) * factor * weight[i] + bias[i]);
  }
  expect_close("layer norm of " + std::to_string(columns), y, expected, 1e-5);
}

/// Every float16 there is: to float32 and back.
void check_halves() {
  std::vector<uint16_t> all, back(65536);
  for (int bits = 0; bits < 65536; ++bits) all.push_back(static_cast<uint16_t>(bits));
  std::vector<float> floats(all.size());
  float16_to_float32(all.data(), all.size(), floats.data());
  float32_to_float16(floats.data(), floats.size(), back.data());
  bool same = true;
  for (int bits = 0; bits < 65536; ++bits) {
    const bool is_nan = (bits & 0x7C00) == 0x7C00 && (bits & 0x3FF) != 0;
    same &= is_nan ? std::isnan(floats[bits]) : back[bits] == bits;
  }
  expect("every float16 survives the way to float32 and back", same);
  expect("1.5 is 0x3E00", floats[0x3E00] == 1.5F);
  expect("the smallest float16 is 2^-24", floats[1] == std::ldexp(1.0F, -24));
}

void check_vocabulary_row(size_t count) {
  auto values = random_floats(count, 41);
  for (float& value : values) value *= 5;
  values[count / 3] = -std::numeric_limits<float>::infinity();
  double sum = 0;
  for (const float value : values) sum += std::exp(static_cast<double>(value));
  expect_close("log of summed exponentials, " + std::to_string(count), {log_sum_exp(values.data(), count)},
               {std::log(sum)}, 1e-6);
  const auto largest = std::max_element(values.begin(), values.end()) - values.begin();
  expect("largest of " + std::to_string(count), argmax(values.data(), count) == static_cast<size_t>(largest));
  std::fill(values.begin(), values.end(), -std::numeric_limits<float>::infinity());
  expect("nothing sums to minus infinity",
         log_sum_exp(values.data(), count) == -std::numeric_limits<float>::infinity());
}

/// Steps of a memory whose gates are also far from 0.
void check_lstm() {
  constexpr int kSize = 48;
  std::vector<float> cell(kSize), hidden(kSize);
  std::vector<double> expected_cell(kSize), expected_hidden(kSize);
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  for (uint32_t step = 0; step < 20; ++step) {
    auto gates = random_floats(4 * kSize, 50 + step);
    for (float& gate : gates) gate *= step % 5 == 4 ? 100.0F : 2.0F;
    lstm_step(gates.data(), kSize, cell.data(), hidden.data());
    for (int i = 0; i < kSize; ++i) {
      const auto gate = [&](int which) { return static_cast<double>(gates[which * kSize + i]); };
      expected_cell[i] = sigmoid(gate(1)) * expected_cell[i] + sigmoid(gate(0)) * std::tanh(gate(2));
      expected_hidden[i] = sigmoid(gate(3)) * std::tanh(expected_cell[i]);
    }
  }
  expect_close("cells of a long short-term memory", cell, expected_cell, 1e-6);
  expect_close("what a long short-term memory gives", hidden, expected_hidden, 1e-6);
}

/// A tone's log-mel against a plain Fourier transform in double.
void check_log_mel(int mel_bins) {
  constexpr int kSamples = 4000, kFrames = 28;
  std::vector<int16_t> samples;
  for (int i = 0; i < kSamples; ++i) {
    const double t = i / 16000.0;
    samples.push_back(static_cast<int16_t>(std::lrint(9000 * std::sin(2 * std::numbers::pi * 440 * t) +
                                                      700 * std::sin(2 * std::numbers::pi * 3100 * t) + i % 37)));
  }
  const LogMel log_mel(mel_bins);
  std::vector<float> values(static_cast<size_t>(kFrames) * mel_bins);
  log_mel.frames(samples.data(), samples.size(), 0, kFrames, values.data());

  const auto to_mel = [](double hertz) {
    return hertz < 1000 ? hertz * 3 / 200 : 15 + std::log(hertz / 1000) / (std::log(6.4) / 27);
  };
  const auto to_hertz = [](double mel) {
    return mel < 15 ? mel * 200 / 3 : 1000 * std::exp((mel - 15) * std::log(6.4) / 27);
  };
  const auto edge = [&](int i) { return to_hertz(to_mel(8000) * i / (mel_bins + 1)); };
  std::vector<double> expected;
  for (int frame = 0; frame < kFrames; ++frame) {
    std::vector<double> power;
    for (int bin = 0; bin <= 200; ++bin) {
      double real = 0, imaginary = 0;
      for (int i = 0; i < 400; ++i) {
        const int at = std::abs(frame * 160 - 200 + i);
        const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * i / 400);
        const double sample = at < kSamples ? samples[at] / 32768.0 * window : 0;
        real += sample * std::cos(2 * std::numbers::pi * bin * i / 400);
        imaginary += sample * std::sin(2 * std::numbers::pi * bin * i / 400);
      }
      power.push_back(real * real + imaginary * imaginary);
    }
    for (int band = 0; band < mel_bins; ++band) {
      double energy = 0;
      for (int bin = 0; bin <= 200; ++bin) {
        const double hertz = bin * 40.0, low = edge(band), middle = edge(band + 1), high = edge(band + 2);
        const double weight = std::min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
        energy += std::max(weight, 0.0) * 2 / (high - low) * power[bin];
      }
      expected.push_back(std::log10(std::max(energy, 1e-10)));
    }
  }
  const float maximum = log_mel.maximum(samples.data(), samples.size(), 0, LogMel::frames_of(samples.size()));
  expect_close("largest of " + std::to_string(mel_bins) + " mel bins", {maximum},
               {*std::max_element(expected.begin(), expected.end())}, 1e-5);
  for (double& value : expected) value = (std::max(value, maximum - 8.0) + 4) / 4;
  normalize_log_mel(values.data(), values.size(), maximum);
  expect_close("log-mel of " + std::to_string(mel_bins) + " bins", values, expected, 1e-4);
}

}  // namespace

void check_rows() {
  check_layer_norm(1, 512);
  check_layer_norm(70, 384);
  check_layer_norm(3, 77);
  check_halves();
  check_vocabulary_row(51865);
  check_vocabulary_row(17);
  check_lstm();
  check_log_mel(80);
  check_log_mel(128);
  int calls[1000] = {};
  parallel_for(1000, [&](int task) { ++calls[task]; });
  expect("every task runs once", std::ranges::all_of(calls, [](int count) { return count == 1; }));
}

}  // namespace hearth::kernels::checks
