#include <algorithm>
#include <cstring>

#include "int8_table.h"
#include "thread_pool.h"

namespace hearth::kernels {
namespace {

constexpr int whole_groups(int inputs) { return (inputs + kInt8Group - 1) / kInt8Group * kInt8Group; }

}  // namespace

Int8Matrix::Int8Matrix(const float* weights, int outputs, int inputs) : outputs_(outputs), inputs_(inputs) {
  const auto& table = int8_table();
  const int width = table.panel_width;
  const int panels = (outputs + width - 1) / width;
  const int64_t padded_inputs = whole_groups(inputs);
  const size_t size = static_cast<size_t>(panels) * width * padded_inputs;
  panels_.reset(static_cast<int8_t*>(::operator new(size, kCacheLine)));
  scales_.assign(static_cast<size_t>(panels) * width, 0.0F);
  // Bytes after the last input are multiplied with zeros of x. Those of missing columns are never stored.
  std::memset(panels_.get(), table.weight_offset, size);
  parallel_for(panels, [&](int panel) {
    std::vector<int8_t> row(inputs);
    int8_t* const to = panels_.get() + panel * width * padded_inputs;
    for (int column = 0; column < std::min(width, outputs - panel * width); ++column) {
      const int output = panel * width + column;
      scales_[output] = table.quantize(weights + static_cast<int64_t>(output) * inputs, inputs, row.data());
      for (int input = 0; input < inputs; ++input) {
        to[input / 4 * 4 * width + 4 * column + input % 4] = static_cast<int8_t>(row[input] + table.weight_offset);
      }
    }
  });
}

}  // namespace hearth::kernels
