#include "mpeg_frames.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "byte_order.h"

namespace hearth::audio {
namespace {

constexpr int kBitRatesKbps[5][15] = {
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},  // version 1, layer I
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},     // version 1, layer II
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},      // version 1, layer III
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},     // version 2, layer I
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},          // version 2, layers II and III
};
constexpr int kSampleRates[3] = {44100, 48000, 32000};
constexpr int64_t kSearchBytes = 64 * 1024;
constexpr int kFramesInARow = 3;

constexpr size_t kFrameSearchBlockBytes = 64 * 1024;

}  // namespace

std::optional<MpegFrame> parse_mpeg_frame(const uint8_t header[4]) {
  const int version_bits = header[1] >> 3 & 3;
  const int layer = 4 - (header[1] >> 1 & 3);
  const int bit_rate_index = header[2] >> 4;
  const int sample_rate_index = header[2] >> 2 & 3;
  const bool synchronised = header[0] == 0xff && (header[1] & 0xe0) == 0xe0;
  if (!synchronised || version_bits == 1 || layer == 4 || sample_rate_index == 3) return std::nullopt;
  if (bit_rate_index == 0 || bit_rate_index == 15) return std::nullopt;

  const int version = version_bits == 3 ? 1 : version_bits == 2 ? 2 : 25;
  const int sample_rate = kSampleRates[sample_rate_index] / (version == 1 ? 1 : version == 2 ? 2 : 4);
  const int row = version == 1 ? layer - 1 : layer == 1 ? 3 : 4;
  const int bits_per_second = kBitRatesKbps[row][bit_rate_index] * 1000;
  const int padding = header[2] >> 1 & 1;
  const int samples = layer == 1 ? 384 : layer == 3 && version != 1 ? 576 : 1152;
  const int slot_bytes = layer == 1 ? 4 : 1;
  const int bytes = (samples / 8 / slot_bytes * bits_per_second / sample_rate + padding) * slot_bytes;
  return MpegFrame{version, layer, sample_rate, samples, bytes, bits_per_second, header[3] >> 6 == 3};
}

std::optional<MpegFrame> mpeg_frame_at(ByteSource& source, int64_t offset) {
  uint8_t header[4];
  if (source.read(offset, header, sizeof(header)) < sizeof(header)) return std::nullopt;
  return parse_mpeg_frame(header);
}

bool same_mpeg_stream(const MpegFrame& a, const MpegFrame& b) {
  return a.version == b.version && a.layer == b.layer && a.sample_rate == b.sample_rate;
}

bool starts_mpeg_frames(ByteSource& source, int64_t offset) {
  std::optional<MpegFrame> previous;
  for (int count = 0; count < kFramesInARow; ++count) {
    if (count > 0 && offset == source.size()) return true;
    if (count > 1 && offset > source.size()) return true;
    const auto frame = mpeg_frame_at(source, offset);
    if (!frame || (previous && !same_mpeg_stream(*previous, *frame))) return false;
    previous = frame;
    offset += frame->bytes;
  }
  return true;
}

std::optional<int64_t> find_mpeg_frames(ByteSource& source, int64_t start, int64_t end) {
  std::vector<uint8_t> block;
  while (start < end) {
    block.resize(static_cast<size_t>(std::min(static_cast<int64_t>(kFrameSearchBlockBytes), end - start)));
    block.resize(source.read(start, block.data(), block.size()));
    if (block.empty()) break;
    for (const uint8_t* at = block.data(); at < block.data() + block.size(); ++at) {
      at = static_cast<const uint8_t*>(std::memchr(at, 0xff, block.data() + block.size() - at));
      if (at == nullptr) break;
      const int64_t offset = start + (at - block.data());
      const auto frame = mpeg_frame_at(source, offset);
      if (frame && mpeg_frame_at(source, offset + frame->bytes) && starts_mpeg_frames(source, offset)) return offset;
    }
    start += static_cast<int64_t>(block.size());
  }
  return std::nullopt;
}

std::optional<int64_t> find_first_mpeg_frame(ByteSource& source, int64_t start) {
  if (starts_mpeg_frames(source, start)) return start;
  // Further in, only a full row of frames is proof enough.
  return find_mpeg_frames(source, start + 1, std::min(start + kSearchBytes, source.size()));
}

std::optional<MpegDescription> describes_mpeg_stream(ByteSource& source, int64_t offset, const MpegFrame& frame) {
  using Kind = MpegDescription::Kind;
  if (frame.layer != 3) return std::nullopt;
  const int side_information = frame.version == 1 ? (frame.mono ? 17 : 32) : (frame.mono ? 9 : 17);
  const int xing = 4 + side_information;
  uint8_t header[12];
  if (source.read(offset + xing, header, sizeof(header)) < sizeof(header)) return std::nullopt;
  if (std::memcmp(header, "Xing", 4) == 0 || std::memcmp(header, "Info", 4) == 0) {
    const bool has_frames = (header[7] & 1) != 0;
    const bool has_bytes = (header[7] & 2) != 0;
    return MpegDescription{Kind::kXing, has_frames ? xing + 8 : 0, has_frames ? int64_t{big_endian_32(header + 8)} : 0,
                           has_bytes ? xing + (has_frames ? 12 : 8) : 0};
  }
  uint8_t fraunhofer[18];
  constexpr int kVbri = 36;
  if (source.read(offset + kVbri, fraunhofer, sizeof(fraunhofer)) < sizeof(fraunhofer)) return std::nullopt;
  if (std::memcmp(fraunhofer, "VBRI", 4) != 0) return std::nullopt;
  return MpegDescription{Kind::kVbri, kVbri + 14, int64_t{big_endian_32(fraunhofer + 14)}, kVbri + 10};
}

}  // namespace hearth::audio
