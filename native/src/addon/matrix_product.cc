#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "../kernels/kernels.h"

namespace hearth::addon {
namespace {

namespace kernels = hearth::kernels;

/// CBLAS's own number.
constexpr int kTransposed = 112;

/// With fewer, it takes longer to rearrange the other matrix than to multiply.
constexpr int kFewestPackedRows = 8;

/// A matrix [rows, columns] whose rows lie `stride` apart or, transposed, whose columns do.
struct Operand {
  const float* data;
  int64_t stride;
  bool is_transposed;
};

/// Rows that lie one after the other, if they do not yet, in `room`.
const float* dense_rows(const Operand& matrix, int rows, int columns, std::vector<float>& room) {
  if (!matrix.is_transposed && matrix.stride == columns) return matrix.data;
  room.resize(static_cast<size_t>(rows) * columns);
  const int64_t row_step = matrix.is_transposed ? 1 : matrix.stride;
  const int64_t column_step = matrix.is_transposed ? matrix.stride : 1;
  for (int row = 0; row < rows; ++row) {
    const float* const from = matrix.data + row * row_step;
    float* const to = room.data() + static_cast<int64_t>(row) * columns;
    for (int column = 0; column < columns; ++column) to[column] = from[column * column_step];
  }
  return room.data();
}

/// Sums in lanes, so that the compiler may add several at once.
float dot(const float* a, const float* b, int count) {
  constexpr int kLanes = 16;
  std::array<float, kLanes> sums{};
  int i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float sum = 0;
  for (; i < count; ++i) sum += a[i] * b[i];
  for (const float each : sums) sum += each;
  return sum;
}

/// product [n] = row [k] b [k, n]
void multiply_row(const float* row, const Operand& b, int n, int k, float* product) {
  for (int column = 0; b.is_transposed && column < n; ++column) product[column] = dot(row, b.data + column * b.stride, k);
  for (int input = 0; !b.is_transposed && input < k; ++input) {
    const float* const from = b.data + input * b.stride;
    for (int column = 0; column < n; ++column) product[column] += row[input] * from[column];
  }
}

/// a [m, k] b [k, n], dense.
std::vector<float> multiply(const Operand& a, const Operand& b, int m, int n, int k) {
  std::vector<float> product(static_cast<size_t>(m) * n);
  std::vector<float> room_a;
  const float* const rows = dense_rows(a, m, k, room_a);
  if (m < kFewestPackedRows) {
    for (int64_t row = 0; row < m; ++row) multiply_row(rows + row * k, b, n, k, product.data() + row * n);
    return product;
  }
  std::vector<float> room_b;
  const float* const columns = dense_rows({b.data, b.stride, !b.is_transposed}, n, k, room_b);
  const kernels::WithoutPool alone;
  kernels::linear(rows, k, m, kernels::PackedMatrix(columns, n, k), {}, product.data(), n);
  return product;
}

}  // namespace
}  // namespace hearth::addon

/// What MLX multiplies float32 matrices with on a CPU: c = alpha a b + beta c, row-major. Its wheel for Linux brings the
/// reference BLAS, which takes many times as long; a name of the addon goes before the same name in the wheel.
extern "C" __attribute__((visibility("default"))) void cblas_sgemm(int /*layout*/, int transpose_a, int transpose_b,
                                                                   int m, int n, int k, float alpha, const float* a,
                                                                   int lda, const float* b, int ldb, float beta,
                                                                   float* c, int ldc) {
  using namespace hearth::addon;
  const auto product = multiply({a, lda, transpose_a == kTransposed}, {b, ldb, transpose_b == kTransposed}, m, n, k);
  for (int64_t row = 0; row < m; ++row) {
    const float* const from = product.data() + row * n;
    float* const to = c + row * ldc;
    for (int column = 0; column < n; ++column) {
      // What is not wanted may be uninitialised.
      to[column] = alpha * from[column] + (beta == 0 ? 0 : beta * to[column]);
    }
  }
}
