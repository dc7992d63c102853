#include "byte_statistics.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hearth::audio {
namespace {

constexpr size_t kSampledBytes = 64 * 1024;
/// Random bytes have 8 bits of entropy each. Loud 24-bit music, the most even kind of sound, stays below 7.9.
constexpr double kRandomEntropyBits = 7.93;

}  // namespace

bool looks_random(ByteSource& source, int64_t offset) {
  std::vector<uint8_t> bytes(kSampledBytes);
  const size_t count = source.read(offset, bytes.data(), bytes.size());
  std::vector<int> counts(256, 0);
  for (size_t i = 0; i < count; ++i) ++counts[bytes[i]];
  double entropy = 0;
  for (const int times : counts) {
    if (times == 0) continue;
    const double share = static_cast<double>(times) / static_cast<double>(count);
    entropy -= share * std::log2(share);
  }
  return entropy > kRandomEntropyBits;
}

bool looks_like_text(ByteSource& source, int64_t offset) {
  uint8_t head[512];
  const size_t count = source.read(offset, head, sizeof(head));
  return count > 0 && std::all_of(head, head + count, [](uint8_t code) {
           return (code >= 0x20 && code < 0x7f) || code == '\n' || code == '\r' || code == '\t';
         });
}

}  // namespace hearth::audio
