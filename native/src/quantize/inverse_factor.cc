#include "inverse_factor.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../kernels/thread_pool.h"

namespace hearth::quantize {
namespace {

constexpr int kRowsInARun = 16;
/// What rounding may leave of a pivot that should be above 0.
constexpr double kLeastPivot = 1e-12;

/// A = M M^T with M upper triangular, from the last column to the first: each takes its own outer product off the rest.
void factor_upwards(double* matrix, int64_t size) {
  std::vector<double> column(size);
  for (int64_t k = size - 1; k >= 0; --k) {
    const double pivot = std::sqrt(std::max(matrix[k * size + k], kLeastPivot));
    matrix[k * size + k] = pivot;
    for (int64_t i = 0; i < k; ++i) column[i] = matrix[i * size + k] /= pivot;
    kernels::parallel_ranges(static_cast<int>(k), kRowsInARun, [&](int first, int last) {
      for (int64_t i = first; i < last; ++i) {
        const double own = column[i];
        double* const row = matrix + i * size;
        for (int64_t j = i; j < k; ++j) row[j] -= own * column[j];
      }
    });
  }
}

}  // namespace

void factor_of_inverse(std::vector<float>& matrix, int size) {
  // Inputs that go together leave pivots that float32 loses.
  std::vector<double> upper(matrix.begin(), matrix.end());
  factor_upwards(upper.data(), size);
  // A^-1 = M^-T M^-1, and the inverse of an upper triangle is one too. Rows below are done when a row needs them.
  std::vector<double> row(size);
  for (int64_t i = size - 1; i >= 0; --i) {
    double* const own = upper.data() + i * size;
    std::fill(row.begin() + i, row.end(), 0.0);
    row[i] = 1.0;
    for (int64_t k = i + 1; k < size; ++k) {
      const double factor = own[k];
      const double* const below = upper.data() + k * size;
      for (int64_t j = k; j < size; ++j) row[j] -= factor * below[j];
    }
    const double pivot = own[i];
    for (int64_t j = i; j < size; ++j) own[j] = row[j] / pivot;
  }
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t j = 0; j < size; ++j) matrix[i * size + j] = j < i ? 0.0F : static_cast<float>(upper[i * size + j]);
  }
}

}  // namespace hearth::quantize
