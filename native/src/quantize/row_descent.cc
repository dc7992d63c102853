#include "row_descent.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "weighted_grid.h"

namespace hearth::quantize {
namespace {

constexpr int kRounds = 3;
constexpr int kSweeps = 2;
/// What a pivot may keep of the diagonal before the unknown counts as one that the others make up.
constexpr double kLeastPivot = 1e-9;

void add_scaled(const float* from, float factor, int count, float* to) {
  for (int i = 0; i < count; ++i) to[i] += factor * from[i];
}

double product(const std::vector<float>& a, const std::vector<float>& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Solves matrix * x = right, which becomes x; both are overwritten. `matrix` is symmetric, row-major.
void solve(std::vector<double>& matrix, std::vector<double>& right) {
  const auto size = static_cast<int64_t>(right.size());
  for (int64_t k = 0; k < size; ++k) {
    double pivot = matrix[k * size + k];
    for (int64_t j = 0; j < k; ++j) pivot -= matrix[k * size + j] * matrix[k * size + j];
    const bool is_made_up = !(pivot > kLeastPivot * matrix[k * size + k]);
    const double root = is_made_up ? INFINITY : std::sqrt(pivot);
    matrix[k * size + k] = root;
    for (int64_t i = k + 1; i < size; ++i) {
      double value = matrix[i * size + k];
      for (int64_t j = 0; j < k; ++j) value -= matrix[i * size + j] * matrix[k * size + j];
      matrix[i * size + k] = value / root;
    }
  }
  for (int64_t k = 0; k < size; ++k) {
    for (int64_t j = 0; j < k; ++j) right[k] -= matrix[k * size + j] * right[j];
    right[k] /= matrix[k * size + k];
  }
  for (int64_t k = size - 1; k >= 0; --k) {
    for (int64_t j = k + 1; j < size; ++j) right[k] -= matrix[j * size + k] * right[j];
    right[k] /= matrix[k * size + k];
  }
}

}  // namespace

/// What is left of the row, and that times the moments.
struct RowDescent::State {
  std::vector<float> left, gradient;

  double error() const { return product(left, gradient); }
};

RowDescent::RowDescent(const Feedback& feedback, int group_size)
    : feedback_(feedback),
      inputs_(feedback.inputs()),
      group_size_(group_size),
      groups_(inputs_ / group_size),
      of_groups_(static_cast<size_t>(groups_) * inputs_),
      in_groups_(static_cast<size_t>(groups_) * groups_) {
  for (int i = 0; i < inputs_; ++i) {
    add_scaled(moments(i), 1.0F, inputs_, of_groups_.data() + static_cast<int64_t>(i / group_size_) * inputs_);
  }
  for (int64_t a = 0; a < groups_; ++a) {
    for (int i = 0; i < inputs_; ++i) in_groups_[a * groups_ + i / group_size_] += of_groups_[a * inputs_ + i];
  }
}

void RowDescent::improve(const float* row, const RoundedRow& rounded) const {
  auto state = state_of(row, rounded);
  for (int round = 0; round < kRounds; ++round) {
    const bool fitted = fit_grids(state, row, rounded);
    choose_codes(state, rounded);
    if (!fitted) return;
  }
  fit_grids(state, row, rounded);
}

const float* RowDescent::moments(int column) const {
  return feedback_.moments.data() + static_cast<int64_t>(column) * inputs_;
}

RowDescent::State RowDescent::state_of(const float* row, const RoundedRow& rounded) const {
  State state{std::vector<float>(inputs_), std::vector<float>(inputs_)};
  for (int i = 0; i < inputs_; ++i) {
    const int group = i / group_size_;
    state.left[i] = row[i] - (rounded.scales[group] * rounded.codes[i] + rounded.biases[group]);
    add_scaled(moments(i), state.left[i], inputs_, state.gradient.data());
  }
  return state;
}

void RowDescent::choose_codes(State& state, const RoundedRow& rounded) const {
  bool changed = true;
  for (int sweep = 0; sweep < kSweeps && changed; ++sweep) {
    changed = false;
    for (int i = 0; i < inputs_; ++i) {
      const int group = i / group_size_;
      const Grid grid{rounded.scales[group], rounded.biases[group]};
      const auto old = static_cast<float>(rounded.codes[i]);
      const float wanted = grid.scale * old + grid.bias + state.gradient[i] / moments(i)[i];
      const float code = code_of(wanted, grid, rounded.highest);
      if (code == old) continue;
      const float change = grid.scale * (code - old);
      rounded.codes[i] = static_cast<uint8_t>(code);
      state.left[i] -= change;
      add_scaled(moments(i), -change, inputs_, state.gradient.data());
      changed = true;
    }
  }
}

bool RowDescent::fit_grids(State& state, const float* row, const RoundedRow& rounded) const {
  const int64_t unknowns = 2 * static_cast<int64_t>(groups_);
  std::vector<double> matrix(unknowns * unknowns), change(unknowns);
  std::vector<float> products(inputs_);
  for (int64_t group = 0; group < groups_; ++group) {
    const int first = static_cast<int>(group) * group_size_;
    std::ranges::fill(products, 0.0F);
    for (int i = first; i < first + group_size_; ++i) {
      add_scaled(moments(i), rounded.codes[i], inputs_, products.data());
      change[group] += static_cast<double>(rounded.codes[i]) * state.gradient[i];
      change[groups_ + group] += state.gradient[i];
    }
    for (int i = 0; i < inputs_; ++i) {
      const int64_t other = i / group_size_;
      matrix[group * unknowns + other] += static_cast<double>(rounded.codes[i]) * products[i];
      matrix[(groups_ + other) * unknowns + group] += products[i];
    }
    for (int64_t other = 0; other < groups_; ++other) {
      matrix[(groups_ + group) * unknowns + groups_ + other] = in_groups_[group * groups_ + other];
    }
  }
  solve(matrix, change);
  std::vector<float> scales(rounded.scales, rounded.scales + groups_), biases(rounded.biases, rounded.biases + groups_);
  for (int group = 0; group < groups_; ++group) {
    const Grid grid = stored({scales[group] + static_cast<float>(change[group]),
                              biases[group] + static_cast<float>(change[groups_ + group])});
    scales[group] = grid.scale;
    biases[group] = grid.bias;
  }
  auto fitted = state_of(row, {rounded.codes, scales.data(), biases.data(), rounded.group_size, rounded.highest});
  if (!(fitted.error() < state.error())) return false;
  std::ranges::copy(scales, rounded.scales);
  std::ranges::copy(biases, rounded.biases);
  state = std::move(fitted);
  return true;
}

}  // namespace hearth::quantize
