#pragma once

namespace hearth::kernels::blocks {

template <class Simd>
void layer_norm_row(const float* x, int columns, const float* weight, const float* bias, float epsilon, float* y) {
  constexpr int kWidth = Simd::kWidth;
  const int whole = columns - columns % kWidth;
  const int left = columns - whole;
  const float per_column = 1.0F / static_cast<float>(columns);

  auto sum = left > 0 ? Simd::load_first(x + whole, left) : Simd::zero();
  for (int column = 0; column < whole; column += kWidth) sum = Simd::add(sum, Simd::load(x + column));
  const auto mean = Simd::broadcast(Simd::sum(sum) * per_column);

  auto squares = Simd::zero();
  for (int column = 0; column < whole; column += kWidth) {
    const auto difference = Simd::subtract(Simd::load(x + column), mean);
    squares = Simd::fma(difference, difference, squares);
  }
  if (left > 0) {
    const auto difference =
        Simd::keep_first(Simd::subtract(Simd::load_first(x + whole, left), mean), left, Simd::zero());
    squares = Simd::fma(difference, difference, squares);
  }
  const auto factor = Simd::broadcast(1.0F / __builtin_sqrtf(Simd::sum(squares) * per_column + epsilon));

  for (int column = 0; column < whole; column += kWidth) {
    const auto normal = Simd::multiply(Simd::subtract(Simd::load(x + column), mean), factor);
    Simd::store(y + column, Simd::fma(normal, Simd::load(weight + column), Simd::load(bias + column)));
  }
  if (left == 0) return;
  const auto normal = Simd::multiply(Simd::subtract(Simd::load_first(x + whole, left), mean), factor);
  Simd::store_first(
      y + whole, Simd::fma(normal, Simd::load_first(weight + whole, left), Simd::load_first(bias + whole, left)), left);
}

}  // namespace hearth::kernels::blocks
