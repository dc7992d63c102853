#include "mpeg_frames.h"

#include <algorithm>
#include <cstring>

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

std::optional<MpegFrame> frame_at(FileSource& source, int64_t offset) {
  uint8_t header[4];
  if (source.read(offset, header, sizeof(header)) < sizeof(header)) return std::nullopt;
  return parse_mpeg_frame(header);
}

bool same_stream(const MpegFrame& a, const MpegFrame& b) {
  return a.version == b.version && a.layer == b.layer && a.sample_rate == b.sample_rate;
}

/// Whether `kFramesInARow` frames follow each other from `offset`, or fewer up to the end of the file.
bool starts_frames(FileSource& source, int64_t offset) {
  std::optional<MpegFrame> previous;
  for (int count = 0; count < kFramesInARow; ++count) {
    if (count > 0 && offset == source.size()) return true;
    if (count > 1 && offset > source.size()) return true;
    const auto frame = frame_at(source, offset);
    if (!frame || (previous && !same_stream(*previous, *frame))) return false;
    previous = frame;
    offset += frame->bytes;
  }
  return true;
}

int64_t promised_frames(FileSource& source, int64_t offset, const MpegFrame& frame) {
  const int side_information = frame.version == 1 ? (frame.mono ? 17 : 32) : (frame.mono ? 9 : 17);
  uint8_t header[12];
  if (source.read(offset + 4 + side_information, header, sizeof(header)) < sizeof(header)) return 0;
  const bool known = std::memcmp(header, "Xing", 4) == 0 || std::memcmp(header, "Info", 4) == 0;
  const bool has_frames = known && (header[7] & 1) != 0;
  return has_frames ? int64_t{big_endian_32(header + 8)} + 1 : 0;
}

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
  return MpegFrame{version, layer, sample_rate, samples, bytes, header[3] >> 6 == 3};
}

int64_t skip_id3_tags(FileSource& source) {
  int64_t offset = 0;
  uint8_t header[10];
  while (source.read(offset, header, sizeof(header)) == sizeof(header) && std::memcmp(header, "ID3", 3) == 0) {
    const int64_t length =
        (header[6] & 0x7f) << 21 | (header[7] & 0x7f) << 14 | (header[8] & 0x7f) << 7 | (header[9] & 0x7f);
    const bool has_footer = (header[5] & 0x10) != 0;
    offset += 10 + length + (has_footer ? 10 : 0);
  }
  return offset;
}

std::optional<int64_t> find_first_mpeg_frame(FileSource& source, int64_t start) {
  if (starts_frames(source, start)) return start;
  // Further in, only a full row of frames is proof enough.
  const int64_t end = std::min(start + kSearchBytes, source.size());
  for (int64_t offset = start + 1; offset < end; ++offset) {
    const auto frame = frame_at(source, offset);
    if (frame && frame_at(source, offset + frame->bytes) && starts_frames(source, offset)) return offset;
  }
  return std::nullopt;
}

MpegExtent measure_mpeg_extent(FileSource& source, int64_t first_frame) {
  MpegExtent extent;
  const auto first = frame_at(source, first_frame);
  if (!first) return extent;
  extent.samples_per_frame = first->samples;
  extent.promised_frames = promised_frames(source, first_frame, *first);
  int64_t offset = first_frame;
  for (auto frame = first; frame && same_stream(*first, *frame); frame = frame_at(source, offset)) {
    if (offset + frame->bytes > source.size()) {
      extent.last_frame_cut = true;
      break;
    }
    ++extent.frames;
    offset += frame->bytes;
  }
  return extent;
}

}  // namespace hearth::audio
