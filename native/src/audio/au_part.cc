#include <algorithm>

#include "byte_order.h"
#include "chunked_parts.h"
#include "sound_length.h"

namespace hearth::audio {
namespace {

constexpr int kLengthField = 8;
constexpr int64_t kUnknownLength = 0xffffffff;

int64_t sample_bytes(uint32_t encoding) {
  constexpr uint32_t kALaw = 27;
  switch (encoding) {
    case 3:
      return 2;
    case 4:
      return 3;
    case 5:
    case 6:
      return 4;
    case 7:
      return 8;
    default:
      return encoding <= 2 || encoding == kALaw ? 1 : 0;
  }
}

}  // namespace

Part take_au(ByteSource& source, const Container& container) {
  uint8_t header[24];
  if (source.read(container.offset, header, sizeof(header)) < sizeof(header)) {
    return {container, Splice(source, container.offset, source.size()), source.size()};
  }
  const int64_t claimed = big_endian_32(header + kLengthField);
  const int64_t channels = big_endian_32(header + 20);
  // This format has nothing after its sound that looks like a chunk. The search finds its own end anyway.
  const SoundLength length =
      measure_sound(source, {.start = container.offset + big_endian_32(header + 4),
                             .claimed_bytes = claimed == kUnknownLength ? -1 : claimed,
                             .frame_bytes = std::max<int64_t>(1, sample_bytes(big_endian_32(header + 12)) * channels),
                             .layout = {0, 4, true, 1}});
  Part part{container, Splice(source, container.offset, length.end), length.end, length.cut, 0, length.unclaimed_bytes};
  if (length.bytes != claimed && length.bytes < kUnknownLength) {
    part.bytes.patch(kLengthField, bytes_of(static_cast<uint32_t>(length.bytes), true));
  }
  return part;
}

}  // namespace hearth::audio
