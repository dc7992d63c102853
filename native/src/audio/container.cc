#include "container.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

#include "chunks.h"
#include "mpeg_frames.h"

namespace hearth::audio {
namespace {

using std::string_view_literals::operator""sv;

constexpr size_t kHeadBytes = 4096;
constexpr int kTransportPacketBytes = 188;

struct Signature {
  size_t offset;
  std::string_view bytes;
  std::string_view name;
  Reader reader;
  Layout layout = Layout::kOther;
};

/// In order: where two match, the first one is right.
constexpr Signature kSignatures[] = {
    {8, "WAVE"sv, "WAV", Reader::kEngine, Layout::kRiff},
    {8, "AVI "sv, "AVI", Reader::kConverter},
    {8, "WEBP"sv, "a WebP image", Reader::kNone},
    {8, "AIFF"sv, "AIFF", Reader::kEngine, Layout::kAiff},
    {8, "AIFC"sv, "AIFF-C", Reader::kEngine, Layout::kAiff},
    {8, "8SVX"sv, "8SVX", Reader::kEngine},
    {0, "riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb"sv, "Wave64", Reader::kEngine},
    {0, "caff"sv, "CAF", Reader::kEngine, Layout::kCaf},
    {0, ".snd"sv, "AU", Reader::kEngine, Layout::kAu},
    {0, "fLaC"sv, "FLAC", Reader::kEngine},
    {0, "NIST_1A"sv, "NIST SPHERE", Reader::kEngine},
    {0, "Creative Voice File"sv, "VOC", Reader::kEngine},

    {28, "OpusHead"sv, "Ogg Opus", Reader::kEngine, Layout::kOgg},
    {28, "\x01vorbis"sv, "Ogg Vorbis", Reader::kEngine, Layout::kOgg},
    {28,
     "\x7f"
     "FLAC"sv,
     "Ogg FLAC", Reader::kConverter},
    {28, "Speex   "sv, "Ogg Speex", Reader::kConverter},
    {0, "OggS"sv, "Ogg", Reader::kConverter},

    {4, "ftypM4A"sv, "MPEG-4 audio (m4a)", Reader::kConverter},
    {4, "ftypM4B"sv, "MPEG-4 audio (m4b)", Reader::kConverter},
    {4, "ftypqt"sv, "QuickTime (mov)", Reader::kConverter},
    {4, "ftyp3g"sv, "3GPP (3gp)", Reader::kConverter},
    {4, "ftypheic"sv, "a HEIC image", Reader::kNone},
    {4, "ftypmif1"sv, "a HEIC image", Reader::kNone},
    {4, "ftypavif"sv, "an AVIF image", Reader::kNone},
    {4, "ftyp"sv, "MPEG-4 (mp4)", Reader::kConverter},
    {4, "moov"sv, "QuickTime (mov)", Reader::kConverter},
    {4, "mdat"sv, "QuickTime (mov)", Reader::kConverter},
    {4, "wide"sv, "QuickTime (mov)", Reader::kConverter},
    {0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, "Windows Media (wma)", Reader::kConverter},
    {0, "#!AMR"sv, "AMR", Reader::kConverter},
    {0, "FLV\x01"sv, "Flash video", Reader::kConverter},
    {0, "\x00\x00\x01\xba"sv, "MPEG program stream", Reader::kConverter},
    {0, "\x0b\x77"sv, "AC-3", Reader::kConverter},
    {0, "\x7f\xfe\x80\x01"sv, "DTS", Reader::kConverter},
    {0, "wvpk"sv, "WavPack", Reader::kConverter},
    {0, "MAC "sv, "Monkey's Audio", Reader::kConverter},
    {0, "MPCK"sv, "Musepack", Reader::kConverter},
    {0, "MP+"sv, "Musepack", Reader::kConverter},
    {0, "TTA1"sv, "True Audio", Reader::kConverter},
    {0, "DSD "sv, "DSD", Reader::kConverter},
    {0, ".RMF"sv, "RealMedia", Reader::kConverter},

    {0, "%PDF-"sv, "a PDF document", Reader::kNone},
    {0, "PK\x03\x04"sv, "a zip archive or office document", Reader::kNone},
    {0, "\x1f\x8b"sv, "a gzip archive", Reader::kNone},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive", Reader::kNone},
    {0, "Rar!"sv, "a RAR archive", Reader::kNone},
    {0, "\x89PNG"sv, "a PNG image", Reader::kNone},
    {0, "\xff\xd8\xff"sv, "a JPEG image", Reader::kNone},
    {0, "GIF8"sv, "a GIF image", Reader::kNone},
    {0, "MThd"sv, "MIDI notes without sound", Reader::kNone},
    {0,
     "\x7f"
     "ELF"sv,
     "a program", Reader::kNone},
    {0, "bplist"sv, "a property list", Reader::kNone},
    {0, "SQLite format 3"sv, "a SQLite database", Reader::kNone},
};

/// WAVE format tags that libsndfile reads: PCM, float, mu-law, A-law, ADPCM kinds, GSM, MPEG, and the extensible one.
constexpr int kWavEncodings[] = {0x01, 0x02, 0x03, 0x06, 0x07, 0x11, 0x31, 0x38, 0x40, 0x50, 0x55, 0xfffe};

bool matches(std::string_view head, const Signature& signature) {
  return head.substr(std::min(signature.offset, head.size())).starts_with(signature.bytes);
}

/// The four characters at offset 8 say what these are; without them they could be anything.
bool has_form_header(std::string_view head) {
  return head.starts_with("RIFF") || head.starts_with("RIFX") || head.starts_with("RF64") || head.starts_with("BW64") ||
         head.starts_with("FORM");
}

std::optional<Container> match_signature(std::string_view head) {
  for (const Signature& signature : kSignatures) {
    const bool in_form = signature.offset == 8;
    const bool in_ogg_page = signature.offset == 28;
    if (!matches(head, signature) || (in_form && !has_form_header(head))) continue;
    if (in_ogg_page && !head.starts_with("OggS")) continue;
    return Container{std::string(signature.name), signature.reader, signature.layout};
  }
  return std::nullopt;
}

/// libsndfile calls a WAV file broken whose encoding it does not know.
Container check_wav_encoding(FileSource& source, Container container) {
  const ChunkLayout layout = riff_layout(source, container.offset);
  const auto format = find_chunk(source, layout, "fmt ");
  uint8_t bytes[2];
  if (!format || source.read(format->start, bytes, sizeof(bytes)) < sizeof(bytes)) return container;
  const int tag = layout.big_endian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0];
  if (std::find(std::begin(kWavEncodings), std::end(kWavEncodings), tag) != std::end(kWavEncodings)) return container;
  return {"WAV with encoding " + std::to_string(tag), Reader::kConverter};
}

/// EBML files say `webm` or `matroska` in their first element.
std::optional<Container> match_matroska(std::string_view head) {
  if (!head.starts_with("\x1a\x45\xdf\xa3")) return std::nullopt;
  const bool is_webm = head.substr(0, 64).find("webm") != std::string_view::npos;
  return Container{is_webm ? "WebM" : "Matroska (mkv)", Reader::kConverter};
}

/// ADTS has no signature, only a sync word; the length in its header must lead to the next one.
bool is_adts(FileSource& source, int64_t offset, std::string_view head) {
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

std::optional<Container> match_mpeg_audio(FileSource& source, int64_t start) {
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

std::string describe_unknown(std::string_view head) {
  std::string text = "data of no known audio format, beginning with";
  for (const char character : head.substr(0, 8)) {
    std::array<char, 4> hex;
    std::snprintf(hex.data(), hex.size(), " %02x", static_cast<uint8_t>(character));
    text += hex.data();
  }
  return text;
}

}  // namespace

Container identify_container(FileSource& source) {
  const int64_t start = skip_id3_tags(source);
  std::string buffer(kHeadBytes, '\0');
  buffer.resize(source.read(start, buffer.data(), buffer.size()));
  const std::string_view head = buffer;

  if (source.size() == 0) return {"an empty file", Reader::kNone};
  if (auto container = match_signature(head)) {
    container->offset = start;
    return container->layout == Layout::kRiff ? check_wav_encoding(source, *container) : *container;
  }
  if (auto container = match_matroska(head)) return *container;
  if (is_adts(source, start, head)) return {"ADTS AAC (aac)", Reader::kConverter};
  if (is_transport_stream(head)) return {"MPEG transport stream", Reader::kConverter};
  if (auto container = match_mpeg_audio(source, start)) return *container;
  if (start > 0) return {"MP3", Reader::kEngine, Layout::kMpeg, start};
  if (is_text(head)) return {"text", Reader::kNone};
  return {describe_unknown(head), Reader::kNone};
}

}  // namespace hearth::audio
