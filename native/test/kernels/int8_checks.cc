#include <algorithm>
#include <cmath>
#include <string>

#include "../../src/kernels/kernels.h"
#include "checks.h"

namespace hearth::kernels::checks {
namespace {

constexpr int kGroup = 128;
/// A single wrong unit in an integer sum would show as 5e-5.
constexpr double kTolerance = 5e-6;

struct Rounded {
  std::vector<int> bytes;
  double scale;
};

/// Rounded half to even, as every instruction set does.
Rounded round_to_bytes(const float* values, int count) {
  float largest = 0;
  for (int i = 0; i < count; ++i) largest = std::max(largest, std::abs(values[i]));
  Rounded result{std::vector<int>(count, 0), 0};
  if (largest <= 1e-30F) return result;
  result.scale = largest / 127.0F;
  for (int i = 0; i < count; ++i) result.bytes[i] = static_cast<int>(std::nearbyint(values[i] * (127.0F / largest)));
  return result;
}

/// What `int8_linear` should compute, with integer sums and in the simplest order.
std::vector<double> reference(const std::vector<float>& x, int64_t x_stride, const Shape& shape,
                              const std::vector<float>& weights, const Epilogue& epilogue) {
  std::vector<Rounded> rounded;
  for (int output = 0; output < shape.outputs; ++output) {
    rounded.push_back(round_to_bytes(weights.data() + static_cast<int64_t>(output) * shape.inputs, shape.inputs));
  }
  std::vector<double> y;
  for (int row = 0; row < shape.rows; ++row) {
    std::vector<double> totals(shape.outputs, 0.0);
    for (int first = 0; first < shape.inputs; first += kGroup) {
      const int count = std::min(kGroup, shape.inputs - first);
      const auto values = round_to_bytes(x.data() + row * x_stride + first, count);
      for (int output = 0; output < shape.outputs; ++output) {
        int64_t sum = 0;
        for (int i = 0; i < count; ++i) sum += values.bytes[i] * rounded[output].bytes[first + i];
        totals[output] += values.scale * static_cast<double>(sum);
      }
    }
    for (int output = 0; output < shape.outputs; ++output) {
      double value = totals[output] * rounded[output].scale;
      if (epilogue.bias) value += epilogue.bias[output];
      if (epilogue.gelu) value *= 0.5 * (1 + std::erf(value / std::sqrt(2.0)));
      if (epilogue.residual) value += epilogue.residual[row * epilogue.residual_stride + output];
      y.push_back(value);
    }
  }
  return y;
}

std::vector<float> multiply(const std::vector<float>& x, const Shape& shape, const std::vector<float>& weights,
                            const Epilogue& epilogue) {
  const Int8Matrix matrix(weights.data(), shape.outputs, shape.inputs);
  std::vector<float> y(static_cast<size_t>(shape.rows) * shape.outputs);
  int8_linear(x.data(), shape.inputs, shape.rows, matrix, epilogue, y.data(), shape.outputs);
  return y;
}

void check_product(const std::string& what, const Shape& shape, const std::vector<float>& x,
                   const std::vector<float>& weights) {
  expect_close(name_of(what, shape), multiply(x, shape, weights, {}), reference(x, shape.inputs, shape, weights, {}),
               kTolerance);
}

void check_shape(const Shape& shape) {
  const auto x = random_floats(static_cast<size_t>(shape.rows) * shape.inputs, 51);
  const auto weights = random_floats(static_cast<size_t>(shape.outputs) * shape.inputs, 52);
  const auto bias = random_floats(shape.outputs, 53);
  const auto residual = random_floats(static_cast<size_t>(shape.rows) * shape.outputs, 54);
  const Epilogue epilogue{
      .bias = bias.data(), .gelu = true, .residual = residual.data(), .residual_stride = shape.outputs};
  expect_close(name_of("product in 8 bits with bias, gelu and residual", shape), multiply(x, shape, weights, epilogue),
               reference(x, shape.inputs, shape, weights, epilogue), kTolerance);
}

void check_extremes() {
  const Shape shape{17, 35, 300};
  const size_t x_size = static_cast<size_t>(shape.rows) * shape.inputs;
  const auto ones = std::vector<float>(x_size, 1.0F), minus_ones = std::vector<float>(x_size, -1.0F);
  const size_t weights_size = static_cast<size_t>(shape.outputs) * shape.inputs;
  for (const float sign : {1.0F, -1.0F}) {
    const std::vector<float> weights(weights_size, sign);
    check_product("largest bytes times largest bytes", shape, ones, weights);
    check_product("smallest bytes times largest bytes", shape, minus_ones, weights);
  }
  auto alternating = ones;
  for (size_t i = 0; i < x_size; i += 2) alternating[i] = -1.0F;
  check_product("bytes of changing signs", shape, alternating, std::vector<float>(weights_size, -1.0F));

  auto outliers = random_floats(x_size, 55);
  for (int row = 0; row < shape.rows; ++row) outliers[row * shape.inputs + 7 * row] = row % 2 ? 1e30F : -1e5F;
  const auto weights = random_floats(weights_size, 56);
  check_product("rows with an outlier", shape, outliers, weights);

  auto silent = random_floats(x_size, 57);
  std::fill_n(silent.begin() + 3 * shape.inputs, 2 * shape.inputs, 0.0F);
  std::fill_n(silent.begin(), 130, 1e-38F);
  auto without_an_output = weights;
  std::fill_n(without_an_output.begin() + 34 * shape.inputs, shape.inputs, 0.0F);
  check_product("rows and an output of zeros", shape, silent, without_an_output);
}

/// Every row by itself gives the same bits as among others.
void check_independence() {
  const Shape shape{150, 70, 512};
  const auto x = random_floats(static_cast<size_t>(shape.rows) * shape.inputs, 58);
  const auto weights = random_floats(static_cast<size_t>(shape.outputs) * shape.inputs, 59);
  const auto together = multiply(x, shape, weights, {.gelu = true});
  bool same = true;
  for (int row = 0; row < shape.rows; ++row) {
    const auto first = x.begin() + static_cast<int64_t>(row) * shape.inputs;
    const auto alone =
        multiply({first, first + shape.inputs}, {1, shape.outputs, shape.inputs}, weights, {.gelu = true});
    same &= std::equal(alone.begin(), alone.end(), together.begin() + static_cast<int64_t>(row) * shape.outputs);
  }
  expect("a row in 8 bits does not depend on the rows beside it", same);
}

void check_nearness() {
  const Shape shape{30, 64, 512};
  const auto x = random_floats(static_cast<size_t>(shape.rows) * shape.inputs, 60);
  const auto weights = random_floats(static_cast<size_t>(shape.outputs) * shape.inputs, 61);
  std::vector<double> exact;
  for (int row = 0; row < shape.rows; ++row) {
    for (int output = 0; output < shape.outputs; ++output) {
      double sum = 0;
      for (int i = 0; i < shape.inputs; ++i)
        sum += static_cast<double>(x[row * shape.inputs + i]) * weights[output * shape.inputs + i];
      exact.push_back(sum);
    }
  }
  expect_close("a product in 8 bits is near the exact one", multiply(x, shape, weights, {}), exact, 0.06);
}

/// What `int8_quantized_linear` should compute: rounded rows times the weights as they are.
std::vector<double> reference_digits(const std::vector<float>& x, const Shape& shape,
                                     const RandomQuantized& quantized) {
  std::vector<double> y;
  for (int row = 0; row < shape.rows; ++row) {
    std::vector<double> rounded;
    for (int first = 0; first < shape.inputs; first += kGroup) {
      const int count = std::min(kGroup, shape.inputs - first);
      const auto values = round_to_bytes(x.data() + static_cast<int64_t>(row) * shape.inputs + first, count);
      for (const int byte : values.bytes) rounded.push_back(byte * values.scale);
    }
    for (int output = 0; output < shape.outputs; ++output) {
      double sum = 0;
      for (int i = 0; i < shape.inputs; ++i)
        sum += rounded[i] * quantized.exact[static_cast<int64_t>(output) * shape.inputs + i];
      y.push_back(sum);
    }
  }
  return y;
}

void check_digits(const Shape& shape, int group_size, std::vector<float> x) {
  const auto quantized = random_quantized(shape.outputs, shape.inputs, 4, group_size);
  const auto name = name_of("rows of bytes times 4 bits by " + std::to_string(group_size), shape);
  expect(name + " is taken", takes_int8_rows(quantized.matrix));
  std::vector<float> y(static_cast<size_t>(shape.rows) * shape.outputs);
  int8_quantized_linear(x.data(), shape.inputs, shape.rows, quantized.matrix, {}, y.data(), shape.outputs);
  auto expected = reference_digits(x, shape, quantized);
  expect_close(name, y, expected, kTolerance);

  bool same = true;
  for (int row = 0; row < shape.rows; ++row) {
    std::vector<float> alone(shape.outputs);
    int8_quantized_linear(x.data() + static_cast<int64_t>(row) * shape.inputs, shape.inputs, 1, quantized.matrix, {},
                          alone.data(), shape.outputs);
    same &= std::equal(alone.begin(), alone.end(), y.begin() + static_cast<int64_t>(row) * shape.outputs);
  }
  expect(name + ", each by itself", same);

  const auto bias = random_floats(shape.outputs, 65);
  auto residual = random_floats(y.size(), 66);
  for (size_t i = 0; i < expected.size(); ++i) {
    const double value = expected[i] + bias[i % shape.outputs];
    expected[i] = value * 0.5 * (1 + std::erf(value / std::sqrt(2.0))) + residual[i];
  }
  // The residual may be the output itself.
  const Epilogue epilogue{
      .bias = bias.data(), .gelu = true, .residual = residual.data(), .residual_stride = shape.outputs};
  int8_quantized_linear(x.data(), shape.inputs, shape.rows, quantized.matrix, epilogue, residual.data(), shape.outputs);
  expect_close(name + " with bias, gelu and residual", residual, expected, kTolerance);
}

void check_quantized_rows() {
  for (const int group_size : {32, 64, 128}) {
    for (const int rows : {1, 2, 3, 4, 5, 30}) {
      check_digits({rows, 37, 256}, group_size, random_floats(static_cast<size_t>(rows) * 256, 64));
    }
  }
  check_digits({1, 1000, 512}, 64, random_floats(512, 67));
  check_digits({3, 7, 2048}, 64, random_floats(3 * 2048, 68));
  check_digits({2, 5, 384}, 64, random_floats(2 * 384, 69));
  check_digits({2, 9, 256}, 64, std::vector<float>(512, -1.0F));
  auto outlier = random_floats(512, 70);
  outlier[3] = 1e5F;
  std::fill_n(outlier.begin() + 256, 128, 0.0F);
  check_digits({2, 9, 256}, 64, outlier);
  expect("other bits are not taken", !takes_int8_rows(random_quantized(4, 256, 8, 64).matrix));
}

void check_convolution(int frames, int channels, int stride, int outputs) {
  const auto [x, weights, padded, row_stride, shape] = random_convolution(frames, channels, stride, outputs, 62);
  const Int8Matrix matrix(weights.data(), shape.outputs, shape.inputs);
  std::vector<float> y(static_cast<size_t>(shape.rows) * outputs);
  int8_conv1d(x.data(), frames, channels, stride, matrix, {}, y.data());
  expect_close(name_of("convolution in 8 bits, stride " + std::to_string(stride), shape), y,
               reference(padded, row_stride, shape, weights, {}), kTolerance);
}

}  // namespace

void check_int8() {
  for (const Shape shape : {Shape{1, 1, 1}, Shape{1, 33, 64}, Shape{2, 31, 65}, Shape{13, 100, 7}, Shape{14, 32, 128},
                            Shape{85, 64, 384}, Shape{200, 129, 130}, Shape{8, 512, 2048}}) {
    check_shape(shape);
  }
  check_extremes();
  check_independence();
  check_nearness();
  check_quantized_rows();
  check_convolution(20, 80, 1, 48);
  check_convolution(40, 64, 2, 33);
}

}  // namespace hearth::kernels::checks
