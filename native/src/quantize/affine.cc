#include "affine.h"

#include "mlx/ops.h"
#include "mlx/transforms.h"

namespace mx = mlx::core;

namespace hearth::quantize {

AffineLayer quantize_plainly(const mx::array& weight, int bits, int group_size) {
  auto parts = mx::quantize(weight, group_size, bits);
  for (auto& part : parts) part = mx::contiguous(part);
  mx::eval(parts);
  return {parts[0], parts[1], parts[2], bits, group_size};
}

mx::array packed_words(const std::vector<uint8_t>& codes, int outputs, int inputs, int bits) {
  const int row_words = inputs * bits / 32;
  std::vector<uint32_t> words(static_cast<size_t>(outputs) * row_words);
  for (int output = 0; output < outputs; ++output) {
    const uint8_t* const row = codes.data() + static_cast<int64_t>(output) * inputs;
    uint32_t* const packed = words.data() + static_cast<int64_t>(output) * row_words;
    for (int i = 0; i < inputs; ++i) {
      const int bit = i * bits;
      packed[bit / 32] |= static_cast<uint32_t>(row[i]) << (bit % 32);
      if (bit % 32 + bits > 32) packed[bit / 32 + 1] |= static_cast<uint32_t>(row[i]) >> (32 - bit % 32);
    }
  }
  return mx::array(words.begin(), {outputs, row_words}, mx::uint32);
}

}  // namespace hearth::quantize
