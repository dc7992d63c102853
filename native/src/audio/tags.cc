#include "tags.h"

#include <cstring>
#include <string_view>

#include "byte_order.h"

namespace hearth::audio {
namespace {

constexpr int kId3v1Bytes = 128;
constexpr int kApeHeaderBytes = 32;
constexpr int kMaxTags = 1000;

int64_t id3v2_bytes(const uint8_t* header) {
  for (int i = 6; i < 10; ++i) {
    if ((header[i] & 0x80) != 0) return 0;
  }
  const int64_t length = header[6] << 21 | header[7] << 14 | header[8] << 7 | header[9];
  const bool has_footer = (header[5] & 0x10) != 0;
  return 10 + length + (has_footer ? 10 : 0);
}

/// The length in an APE tag's header includes its footer but not the header.
int64_t ape_bytes(const uint8_t* header) {
  const bool is_header = (header[23] & 0x20) != 0;
  return kApeHeaderBytes + (is_header ? int64_t{little_endian_32(header + 12)} : 0);
}

}  // namespace

int64_t skip_tag(ByteSource& source, int64_t offset) {
  uint8_t header[kApeHeaderBytes] = {};
  const size_t count = source.read(offset, header, sizeof(header));
  const std::string_view text(reinterpret_cast<const char*>(header), count);
  if (count >= 10 && text.starts_with("ID3")) return offset + id3v2_bytes(header);
  if (count == sizeof(header) && text.starts_with("APETAGEX")) return offset + ape_bytes(header);
  // Three letters prove little: this tag must be the last thing in a file, or be followed by another tag or recording.
  if (text.starts_with("TAG") && source.size() - offset >= kId3v1Bytes) return offset + kId3v1Bytes;
  return offset;
}

int64_t skip_tags(ByteSource& source, int64_t offset) {
  for (int count = 0; count < kMaxTags; ++count) {
    const int64_t next = skip_tag(source, offset);
    if (next == offset) break;
    offset = next;
  }
  return offset;
}

}  // namespace hearth::audio
