#include "flac_frames.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "byte_order.h"

namespace hearth::audio {
namespace {

constexpr int kMaxBlocks = 1000;
constexpr size_t kMaxFrameHeaderBytes = 16;

uint8_t checksum(const uint8_t* bytes, size_t count) {
  uint8_t sum = 0;
  for (size_t i = 0; i < count; ++i) {
    sum ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) sum = static_cast<uint8_t>(sum << 1 ^ ((sum & 0x80) != 0 ? 0x07 : 0));
  }
  return sum;
}

/// The number of a frame or sample, coded like a character in UTF-8; 0 bytes if it is invalid.
struct CodedNumber {
  int64_t value;
  size_t bytes;
};

CodedNumber read_number(const uint8_t* bytes) {
  const int ones = std::countl_one(bytes[0]);
  if (ones == 0) return {bytes[0], 1};
  if (ones == 1 || ones > 7) return {0, 0};
  int64_t value = ones < 7 ? bytes[0] & ((1 << (6 - ones + 1)) - 1) : 0;
  for (int i = 1; i < ones; ++i) {
    if ((bytes[i] & 0xc0) != 0x80) return {0, 0};
    value = value << 6 | (bytes[i] & 0x3f);
  }
  return {value, static_cast<size_t>(ones)};
}

/// The first sample of the frame with the header `bytes` (kMaxFrameHeaderBytes of them).
std::optional<int64_t> parse_header(const uint8_t* bytes, const FlacStream& stream) {
  if (bytes[0] != 0xff || (bytes[1] & 0xfe) != 0xf8) return std::nullopt;
  const int block_code = bytes[2] >> 4;
  const int rate_code = bytes[2] & 15;
  const int channel_code = bytes[3] >> 4;
  const int channels = channel_code < 8 ? channel_code + 1 : 2;
  if (block_code == 0 || rate_code == 15 || channel_code > 10 || (bytes[3] & 1) != 0) return std::nullopt;
  if (channels != stream.channels) return std::nullopt;
  const CodedNumber number = read_number(bytes + 4);
  if (number.bytes == 0) return std::nullopt;
  size_t length = 4 + number.bytes;
  length += block_code == 6 ? 1 : block_code == 7 ? 2 : 0;
  length += rate_code == 12 ? 1 : rate_code > 12 ? 2 : 0;
  if (checksum(bytes, length) != bytes[length]) return std::nullopt;
  const bool counts_samples = (bytes[1] & 1) != 0;
  return counts_samples ? number.value : number.value * stream.block_samples;
}

}  // namespace

std::optional<FlacStream> read_flac_metadata(ByteSource& source) {
  uint8_t head[26];
  if (source.read(0, head, sizeof(head)) < sizeof(head) || std::memcmp(head, "fLaC", 4) != 0) return std::nullopt;
  FlacStream stream{4, head[8] << 8 | head[9], (head[20] >> 1 & 7) + 1,
                    static_cast<int64_t>(big_endian_64(head + 18) & 0xfffffffff)};
  for (int count = 0; count < kMaxBlocks; ++count) {
    uint8_t block[4];
    if (source.read(stream.first_frame, block, sizeof(block)) < sizeof(block)) return std::nullopt;
    stream.first_frame += 4 + (block[1] << 16 | block[2] << 8 | block[3]);
    if ((block[0] & 0x80) != 0) return stream;
  }
  return std::nullopt;
}

std::optional<FlacFrame> find_flac_frame(ByteSource& source, const FlacStream& stream, int64_t from, int64_t after) {
  std::vector<uint8_t> block(kSearchBlockBytes);
  for (int64_t start = from; start < source.size();) {
    const size_t count = source.read(start, block.data(), block.size());
    if (count <= kMaxFrameHeaderBytes) return std::nullopt;
    const size_t last = count - kMaxFrameHeaderBytes;
    for (size_t at = 0; at < last; ++at) {
      const auto* const found = static_cast<const uint8_t*>(std::memchr(block.data() + at, 0xff, last - at));
      if (found == nullptr) break;
      at = static_cast<size_t>(found - block.data());
      const auto sample = parse_header(found, stream);
      const bool is_later = sample && *sample > after && (stream.total_samples == 0 || *sample < stream.total_samples);
      if (is_later) return FlacFrame{start + static_cast<int64_t>(at), *sample};
    }
    start += static_cast<int64_t>(last);
  }
  return std::nullopt;
}

}  // namespace hearth::audio
