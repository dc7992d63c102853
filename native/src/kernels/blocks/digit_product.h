#pragma once

#include <algorithm>

#include "../int8_table.h"
#include "quantized_tile.h"

namespace hearth::kernels {

/// Products of bytes with digits of 4 bits, in whole numbers within a block. Byte b of a block's 4 * kWidth has the
/// digits of inputs 2 * b and 2 * b + 1, so the four bytes of a lane are the inputs of that lane.
template <class V, int Outputs, int Rows>
struct DigitTile : QuantizedTile<V> {
  static constexpr int kBlockInputs = 8 * V::kWidth;
  using Float = typename V::Float;

  const DigitProduct& product;

  DigitTile(const DigitProduct& product, int first_output)
      : QuantizedTile<V>(product.to, first_output), product(product) {}

  void run() const {
    const auto lane_groups = this->lane_groups();
    const int inputs = this->matrix.inputs;
    Float totals[Outputs][Rows];
    for (auto& output : totals) {
      for (auto& total : output) total = V::zero();
    }
    for (int input = 0; input < inputs; input += kBlockInputs) {
      for (int output = 0; output < Outputs; ++output) {
        const uint32_t* const words = this->words_of(output) + input / 8;
        __builtin_prefetch(words + Outputs * inputs / 8);
        const auto [low, high] = V::load_digits(words);
        const auto scale = this->lane_scales(output, input, lane_groups);
        for (int row = 0; row < Rows; ++row) {
          const int8_t* const x = product.x + static_cast<int64_t>(row) * inputs + input;
          auto sums = V::add_products(V::broadcast_sum(0), V::load_bytes(x), low);
          sums = V::add_products(sums, V::load_bytes(x + kBlockInputs / 2), high);
          const auto x_scale = V::broadcast(product.x_scales[row * product.x_groups + input / kInt8Group]);
          totals[output][row] = V::fma(V::multiply(V::to_float(sums), x_scale), scale, totals[output][row]);
        }
      }
    }
    for (int output = 0; output < Outputs; ++output) {
      this->add_sums(totals[output], [&](int group) {
        return this->load_halves(this->matrix.biases, this->first_group(output) + group);
      });
      for (int row = 0; row < Rows; ++row) this->finish(output, row, V::sum(totals[output][row]));
    }
  }
};

template <class V, int Rows>
void digit_outputs(const DigitProduct& product) {
  constexpr int kOutputs = Rows == 1 ? 4 : 2;
  int output = product.to.first_output;
  const int last = output + product.to.outputs;
  for (; output + kOutputs <= last; output += kOutputs) DigitTile<V, kOutputs, Rows>(product, output).run();
  for (; output < last; ++output) DigitTile<V, 1, Rows>(product, output).run();
}

template <class V, int Rows>
void digit_rows(const DigitProduct& product) {
  if constexpr (Rows > 0) {
    if (product.to.rows == Rows) return digit_outputs<V, Rows>(product);
    digit_rows<V, Rows - 1>(product);
  }
}

template <class V>
void digit_product(const DigitProduct& product) {
  digit_rows<V, kDigitRows>(product);
}

}  // namespace hearth::kernels
