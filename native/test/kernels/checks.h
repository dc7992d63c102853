#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../../src/kernels/kernels.h"

namespace hearth::kernels::checks {

/// Normal random numbers, the same in every run.
std::vector<float> random_floats(size_t count, uint32_t seed);

/// Of a product.
struct Shape {
  int rows, outputs, inputs;
};

std::string name_of(const std::string& what, const Shape& shape);

/// A convolution over three frames, and the product that it is: of `padded`, whose rows lie `row_stride` apart.
struct RandomConvolution {
  std::vector<float> x, weights, padded;
  int64_t row_stride;
  Shape shape;
};

RandomConvolution random_convolution(int frames, int channels, int stride, int outputs, uint32_t seed);

/// A quantised matrix whose scales and offsets are exact in float16, and its weights.
struct RandomQuantized {
  std::vector<uint32_t> words;
  std::vector<uint16_t> scales, biases;
  std::vector<double> exact;  ///< [outputs, inputs]
  QuantizedMatrix matrix;
};

RandomQuantized random_quantized(int outputs, int inputs, int bits, int group_size);

/// Largest difference from the reference, relative to the reference's root mean square.
double relative_error(const std::vector<float>& values, const std::vector<double>& reference);

/// Prints the check and records whether it failed.
void expect_close(const std::string& what, const std::vector<float>& values, const std::vector<double>& reference,
                  double tolerance);
void expect(const std::string& what, bool holds);

/// How many checks failed so far.
int failures();

void check_linear();
void check_attention();
void check_rows();
void check_int8();

}  // namespace hearth::kernels::checks
