#include "logits.h"

#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {

Logits::Logits(const mx::array& values, DecodeTime& time) : values_(mx::contiguous(mx::astype(values, mx::float32))) {
  wait_for({values_}, time);
}

std::span<float> Logits::row(int row) {
  const int vocabulary = values_.shape(1);
  return {values_.data<float>() + static_cast<int64_t>(row) * vocabulary, static_cast<size_t>(vocabulary)};
}

std::vector<std::span<float>> Logits::rows(int first, int count) {
  std::vector<std::span<float>> rows;
  for (int i = first; i < first + count; ++i) rows.push_back(row(i));
  return rows;
}

}  // namespace hearth::whisper
