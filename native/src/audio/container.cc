#include "container.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "chunks.h"
#include "mpeg_frames.h"
#include "signatures.h"
#include "tags.h"

namespace hearth::audio {
namespace {

constexpr size_t kHeadBytes = 4096;
constexpr size_t kNextHeadBytes = 64;
/// Shorter ones occur by chance in other data.
constexpr size_t kMinSignatureBytes = 4;
constexpr int kTransportPacketBytes = 188;

/// WAVE format tags that libsndfile supports: PCM, float, mu-law, A-law, ADPCM, GSM, MPEG, and the extensible one.
constexpr int kWavEncodings[] = {0x01, 0x02, 0x03, 0x06, 0x07, 0x11, 0x31, 0x38, 0x40, 0x50, 0x55, 0xfffe};

/// libsndfile calls a WAV file broken if it does not know its encoding.
Container check_wav_encoding(ByteSource& source, Container container) {
  const ChunkLayout layout = riff_layout(source, container.offset);
  const auto format = find_chunk(source, layout, "fmt ");
  uint8_t bytes[2];
  if (!format || source.read(format->start, bytes, sizeof(bytes)) < sizeof(bytes)) return container;
  const int tag = layout.big_endian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0];
  if (std::find(std::begin(kWavEncodings), std::end(kWavEncodings), tag) != std::end(kWavEncodings)) return container;
  return {"WAV with encoding " + std::to_string(tag), Reader::kConverter, Layout::kOther, 0, "wav"};
}

/// EBML files contain `webm` or `matroska` in their first element.
std::optional<Container> match_matroska(std::string_view head) {
  if (!head.starts_with("\x1a\x45\xdf\xa3")) return std::nullopt;
  const bool is_webm = head.substr(0, 64).find("webm") != std::string_view::npos;
  return Container{is_webm ? "WebM" : "Matroska (mkv)", Reader::kConverter, Layout::kOther, 0, "matroska"};
}

/// ADTS has no signature, only a sync word. The length in its header must lead to the next one.
bool is_adts(ByteSource& source, int64_t offset, std::string_view head) {
  const auto is_header = [](std::string_view bytes) {
    return bytes.size() >= 7 && bytes[0] == '\xff' && (bytes[1] & 0xf6) == 0xf0 && (bytes[2] & 0x3c) < 13 << 2;
  };
  if (!is_header(head)) return false;
  const auto byte = [&](size_t index) { return static_cast<uint8_t>(head[index]); };
  const int length = (byte(3) & 3) << 11 | byte(4) << 3 | byte(5) >> 5;
  char next[7];
  const size_t count = source.read(offset + length, next, sizeof(next));
  return length >= 7 && (offset + length >= source.size() || is_header({next, count}));
}

bool is_transport_stream(std::string_view head) {
  constexpr int kPackets = 4;
  if (head.size() < kPackets * kTransportPacketBytes) return false;
  for (int packet = 0; packet < kPackets; ++packet) {
    if (head[packet * kTransportPacketBytes] != 'G') return false;
  }
  return true;
}

std::optional<Container> match_mpeg_audio(ByteSource& source, int64_t start) {
  const auto offset = find_first_mpeg_frame(source, start);
  if (!offset) return std::nullopt;
  uint8_t header[4] = {};
  source.read(*offset, header, sizeof(header));
  const auto frame = parse_mpeg_frame(header);
  const int layer = frame ? frame->layer : 3;
  return Container{"MP" + std::to_string(layer), Reader::kEngine, Layout::kMpeg, *offset};
}

bool is_text(std::string_view head) {
  if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) return true;
  return std::all_of(head.begin(), head.end(), [](char character) {
    const auto code = static_cast<uint8_t>(character);
    const bool is_white_space = code == '\t' || code == '\n' || code == '\r' || code == '\f';
    return is_white_space || (code >= 0x20 && code != 0x7f && code < 0xf8);
  });
}

}  // namespace

Container identify_container(ByteSource& source) {
  const int64_t start = skip_tags(source, 0);
  std::string buffer(kHeadBytes, '\0');
  buffer.resize(source.read(start, buffer.data(), buffer.size()));
  const std::string_view head = buffer;

  if (source.size() == 0) return {"an empty file", Reader::kNone};
  if (auto container = match_signature(head)) {
    container->offset = start;
    return container->layout == Layout::kRiff ? check_wav_encoding(source, *container) : *container;
  }
  if (auto container = match_matroska(head)) return *container;
  if (is_adts(source, start, head)) return {"ADTS AAC (aac)", Reader::kConverter, Layout::kOther, 0, "aac"};
  if (is_transport_stream(head)) {
    return {"MPEG transport stream", Reader::kConverter, Layout::kOther, 0, "mpeg-ts"};
  }
  if (auto container = match_mpeg_audio(source, start)) return *container;
  if (is_text(head)) return {"text", Reader::kNone};
  return {"data of no known audio format", Reader::kUnknown};
}

std::optional<Container> identify_next(ByteSource& source, int64_t offset) {
  std::string buffer(kNextHeadBytes, '\0');
  buffer.resize(source.read(offset, buffer.data(), buffer.size()));
  const std::string_view head = buffer;
  auto container = match_signature(head, kMinSignatureBytes);
  if (!container) container = match_matroska(head);
  if (!container && starts_mpeg_frames(source, offset)) container = match_mpeg_audio(source, offset);
  if (!container || container->reader == Reader::kNone) return std::nullopt;
  container->offset = offset;
  return container->layout == Layout::kRiff ? check_wav_encoding(source, *container) : container;
}

bool begins_recording(ByteSource& source, int64_t offset) { return identify_next(source, offset).has_value(); }

}  // namespace hearth::audio
