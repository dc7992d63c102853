#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hearth::audio {

inline uint32_t big_endian_32(const uint8_t* bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

inline uint32_t little_endian_32(const uint8_t* bytes) {
  return uint32_t{bytes[3]} << 24 | uint32_t{bytes[2]} << 16 | uint32_t{bytes[1]} << 8 | bytes[0];
}

inline uint64_t big_endian_64(const uint8_t* bytes) {
  return uint64_t{big_endian_32(bytes)} << 32 | big_endian_32(bytes + 4);
}

inline uint64_t little_endian_64(const uint8_t* bytes) {
  return uint64_t{little_endian_32(bytes + 4)} << 32 | little_endian_32(bytes);
}

template <typename Unsigned>
std::vector<uint8_t> bytes_of(Unsigned value, bool big_endian) {
  std::vector<uint8_t> bytes(sizeof(value));
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(value >> 8 * i);
  if (big_endian) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

}  // namespace hearth::audio
