#include <algorithm>
#include <cmath>
#include <string>

#include "../../src/kernels/kernels.h"
#include "checks.h"

namespace hearth::kernels::checks {
namespace {

/// What `linear` should compute, in double and in the simplest order.
std::vector<double> reference_linear(const std::vector<float>& x, int64_t x_stride, const Shape& shape,
                                     const std::vector<double>& weights, const Epilogue& epilogue) {
  std::vector<double> y;
  for (int row = 0; row < shape.rows; ++row) {
    for (int output = 0; output < shape.outputs; ++output) {
      double sum = 0;
      for (int i = 0; i < shape.inputs; ++i)
        sum += x[row * x_stride + i] * weights[static_cast<int64_t>(output) * shape.inputs + i];
      if (epilogue.bias) sum += epilogue.bias[output];
      if (epilogue.gelu) sum *= 0.5 * (1 + std::erf(sum / std::sqrt(2.0)));
      if (epilogue.residual) sum += epilogue.residual[row * epilogue.residual_stride + output];
      y.push_back(sum);
    }
  }
  return y;
}

void check_dense(const Shape& shape) {
  const auto x = random_floats(static_cast<size_t>(shape.rows) * shape.inputs, 1);
  const auto weights = random_floats(static_cast<size_t>(shape.outputs) * shape.inputs, 2);
  const auto bias = random_floats(shape.outputs, 3);
  const std::vector<double> exact(weights.begin(), weights.end());
  const PackedMatrix matrix(weights.data(), shape.outputs, shape.inputs);
  std::vector<float> y(static_cast<size_t>(shape.rows) * shape.outputs);

  const Epilogue gelu{.bias = bias.data(), .gelu = true};
  linear(x.data(), shape.inputs, shape.rows, matrix, gelu, y.data(), shape.outputs);
  expect_close(name_of("linear with bias and gelu", shape), y, reference_linear(x, shape.inputs, shape, exact, gelu),
               2e-5);

  // The residual may be the output itself.
  y = random_floats(y.size(), 4);
  const auto before = y;
  const Epilogue aliased{.bias = bias.data(), .residual = y.data(), .residual_stride = shape.outputs};
  const Epilogue apart{.bias = bias.data(), .residual = before.data(), .residual_stride = shape.outputs};
  const auto expected = reference_linear(x, shape.inputs, shape, exact, apart);
  linear(x.data(), shape.inputs, shape.rows, matrix, aliased, y.data(), shape.outputs);
  expect_close(name_of("linear onto its own residual", shape), y, expected, 2e-5);
}

/// Numbers split into halves are 4e-6 off, and sums of their products as much of what is summed.
void check_split(const Shape& shape) {
  const auto x = random_floats(static_cast<size_t>(shape.rows) * shape.inputs, 81);
  const auto weights = random_floats(static_cast<size_t>(shape.outputs) * shape.inputs, 82);
  const auto bias = random_floats(shape.outputs, 83);
  const std::vector<double> exact(weights.begin(), weights.end());
  const SplitMatrix matrix(weights.data(), shape.outputs, shape.inputs);
  std::vector<float> y(static_cast<size_t>(shape.rows) * shape.outputs);
  const Epilogue gelu{.bias = bias.data(), .gelu = true};
  split_linear(x.data(), shape.inputs, shape.rows, matrix, gelu, y.data(), shape.outputs);
  expect_close(name_of("split linear with bias and gelu", shape), y,
               reference_linear(x, shape.inputs, shape, exact, gelu), 5e-5);

  const auto together = y;
  bool same = true;
  for (int row = 0; row < shape.rows; row += 7) {
    split_linear(x.data() + static_cast<int64_t>(row) * shape.inputs, shape.inputs, 1, matrix, gelu, y.data(),
                 shape.outputs);
    same &=
        std::equal(y.begin(), y.begin() + shape.outputs, together.begin() + static_cast<int64_t>(row) * shape.outputs);
  }
  expect("a split row does not depend on the rows beside it", same);

  y = random_floats(y.size(), 84);
  const auto before = y;
  const Epilogue aliased{.residual = y.data(), .residual_stride = shape.outputs};
  const Epilogue apart{.residual = before.data(), .residual_stride = shape.outputs};
  const auto expected = reference_linear(x, shape.inputs, shape, exact, apart);
  split_linear(x.data(), shape.inputs, shape.rows, matrix, aliased, y.data(), shape.outputs);
  expect_close(name_of("split linear onto its own residual", shape), y, expected, 5e-5);
}

void check_split_convolution(int frames, int channels, int stride, int outputs) {
  const auto [x, weights, padded, row_stride, shape] = random_convolution(frames, channels, stride, outputs, 85);
  const SplitMatrix matrix(weights.data(), shape.outputs, shape.inputs);
  std::vector<float> y(static_cast<size_t>(shape.rows) * outputs);
  split_conv1d(x.data(), frames, channels, stride, matrix, {}, y.data());
  const auto expected = reference_linear(padded, row_stride, shape, {weights.begin(), weights.end()}, {});
  expect_close(name_of("split convolution of stride " + std::to_string(stride), shape), y, expected, 5e-5);
}

void check_quantized(const Shape& shape, int bits, int group_size) {
  const auto quantized = random_quantized(shape.outputs, shape.inputs, bits, group_size);
  const auto kind = std::to_string(bits) + " bits by " + std::to_string(group_size);
  std::vector<float> dense(quantized.exact.size());
  dequantize(quantized.matrix, 0, shape.outputs, dense.data());
  expect_close(name_of("dequantize " + kind, shape), dense, quantized.exact, 1e-6);

  const auto x = random_floats(static_cast<size_t>(shape.rows) * shape.inputs, 5);
  const auto bias = random_floats(shape.outputs, 6);
  const auto residual = random_floats(static_cast<size_t>(shape.rows) * shape.outputs, 7);
  const Epilogue epilogue{
      .bias = bias.data(), .gelu = true, .residual = residual.data(), .residual_stride = shape.outputs};
  std::vector<float> y(static_cast<size_t>(shape.rows) * shape.outputs);
  quantized_linear(x.data(), shape.inputs, shape.rows, quantized.matrix, epilogue, y.data(), shape.outputs);
  expect_close(name_of("quantized linear " + kind, shape), y,
               reference_linear(x, shape.inputs, shape, quantized.exact, epilogue), 5e-5);
}

void check_convolution(int frames, int channels, int stride, int outputs) {
  const auto [x, weights, padded, row_stride, shape] = random_convolution(frames, channels, stride, outputs, 8);
  const PackedMatrix matrix(weights.data(), shape.outputs, shape.inputs);
  std::vector<float> y(static_cast<size_t>(shape.rows) * outputs);
  conv1d(x.data(), frames, channels, stride, matrix, {}, y.data());
  const auto expected = reference_linear(padded, row_stride, shape, {weights.begin(), weights.end()}, {});
  expect_close(name_of("convolution of stride " + std::to_string(stride), shape), y, expected, 2e-5);
}

}  // namespace

void check_linear() {
  for (const Shape shape : {Shape{1, 1, 1}, Shape{1, 33, 64}, Shape{2, 31, 65}, Shape{13, 100, 7}, Shape{85, 64, 384},
                            Shape{200, 129, 130}}) {
    check_dense(shape);
    if (has_split_arithmetic()) check_split(shape);
  }
  if (has_split_arithmetic()) {
    check_split({1500, 96, 512});
    check_split_convolution(20, 80, 1, 48);
    check_split_convolution(40, 64, 2, 33);
  }
  for (const int bits : {2, 3, 4, 5, 6, 8}) {
    for (const int group_size : {32, 64, 128}) {
      for (const int rows : {1, 2, 5, 9, 30}) check_quantized({rows, 37, 256}, bits, group_size);
    }
  }
  check_quantized({1, 1000, 512}, 4, 64);
  check_quantized({3, 7, 2048}, 4, 64);
  check_quantized({1, 5, 384}, 4, 64);
  check_convolution(20, 80, 1, 48);
  check_convolution(20, 48, 2, 33);
}

}  // namespace hearth::kernels::checks
