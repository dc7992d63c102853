#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "../../src/kernels/kernels.h"
#include "checks.h"

namespace hearth::kernels::checks {
namespace {

int failed_checks = 0;

/// Float16 numbers that are exact in every format.
constexpr uint16_t kHalfValues[] = {0x2C00, 0x2800, 0xAC00, 0x3000};  // 1/16, 1/32, -1/16, 1/8
constexpr double kExactValues[] = {1.0 / 16, 1.0 / 32, -1.0 / 16, 1.0 / 8};

void report(const std::string& what, bool holds, const std::string& figure) {
  if (!holds) ++failed_checks;
  std::printf("%s %s%s\n", holds ? "ok" : "FAILED", what.c_str(), figure.c_str());
}

}  // namespace

std::vector<float> random_floats(size_t count, uint32_t seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = normal(generator);
  return values;
}

std::string name_of(const std::string& what, const Shape& shape) {
  return what + " " + std::to_string(shape.rows) + "x" + std::to_string(shape.outputs) + "x" +
         std::to_string(shape.inputs);
}

RandomConvolution random_convolution(int frames, int channels, int stride, int outputs, uint32_t seed) {
  RandomConvolution made{.x = random_floats(static_cast<size_t>(frames) * channels, seed),
                         .weights = random_floats(static_cast<size_t>(outputs) * 3 * channels, seed + 1),
                         .padded = std::vector<float>(static_cast<size_t>(frames + 2) * channels, 0.0F),
                         .row_stride = static_cast<int64_t>(stride) * channels,
                         .shape = {frames / stride, outputs, 3 * channels}};
  std::copy(made.x.begin(), made.x.end(), made.padded.begin() + channels);
  return made;
}

RandomQuantized random_quantized(int outputs, int inputs, int bits, int group_size) {
  RandomQuantized result;
  std::mt19937 generator(7);
  const int groups = inputs / group_size;
  result.words.assign(static_cast<size_t>(outputs) * inputs * bits / 32, 0);
  for (int output = 0; output < outputs; ++output) {
    std::vector<int> kinds;
    for (int group = 0; group < groups; ++group) {
      kinds.push_back(static_cast<int>(generator() % 4));
      result.scales.push_back(kHalfValues[kinds.back()]);
      result.biases.push_back(kHalfValues[3 - kinds.back()]);
    }
    for (int i = 0; i < inputs; ++i) {
      const uint64_t value = generator() & ((1U << bits) - 1U);
      const int64_t bit = (static_cast<int64_t>(output) * inputs + i) * bits;
      result.words[bit / 32] |= static_cast<uint32_t>(value << (bit % 32));
      if (bit % 32 + bits > 32) result.words[bit / 32 + 1] |= static_cast<uint32_t>(value >> (32 - bit % 32));
      const int kind = kinds[i / group_size];
      result.exact.push_back(kExactValues[kind] * static_cast<double>(value) + kExactValues[3 - kind]);
    }
  }
  result.matrix = {result.words.data(), result.scales.data(), result.biases.data(), outputs, inputs, group_size, bits};
  return result;
}

double relative_error(const std::vector<float>& values, const std::vector<double>& reference) {
  double squares = 0, largest = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    squares += reference[i] * reference[i];
    const double distance = std::abs(values[i] - reference[i]);
    largest = std::isnan(distance) ? INFINITY : std::max(largest, distance);
  }
  return largest / std::max(std::sqrt(squares / static_cast<double>(values.size())), 1e-12);
}

void expect_close(const std::string& what, const std::vector<float>& values, const std::vector<double>& reference,
                  double tolerance) {
  const double error = relative_error(values, reference);
  report(what, values.size() == reference.size() && error <= tolerance,
         " (error " + std::to_string(error * 1e6) + "e-6)");
}

void expect(const std::string& what, bool holds) { report(what, holds, ""); }

int failures() { return failed_checks; }

}  // namespace hearth::kernels::checks

int main() {
  using namespace hearth::kernels;
  std::printf("instruction set %s\n", std::string(instruction_set()).c_str());
  std::printf("in 8 bits %s\n", std::string(int8_instruction_set()).c_str());
  checks::check_linear();
  checks::check_attention();
  checks::check_rows();
  checks::check_int8();
  std::printf("%d failed\n", checks::failures());
  return checks::failures() == 0 ? 0 : 1;
}
