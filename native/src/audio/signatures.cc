#include "signatures.h"

#include <algorithm>
#include <string>

namespace hearth::audio {
namespace {

using std::string_view_literals::operator""sv;

struct Signature {
  size_t offset;
  std::string_view bytes;
  std::string_view name;
  Reader reader;
  Layout layout = Layout::kOther;
  std::string_view format = "";
};

/// In order: if two match, the first one is right.
constexpr Signature kSignatures[] = {
    {8, "WAVE"sv, "WAV", Reader::kEngine, Layout::kRiff},
    {8, "AVI "sv, "AVI", Reader::kConverter, Layout::kOther, "avi"},
    {8, "WEBP"sv, "a WebP image", Reader::kNone},
    {8, "AIFF"sv, "AIFF", Reader::kEngine, Layout::kAiff},
    {8, "AIFC"sv, "AIFF-C", Reader::kEngine, Layout::kAiff},
    {8, "8SVX"sv, "8SVX", Reader::kEngine},
    {0, "riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb"sv, "Wave64", Reader::kEngine, Layout::kWave64},
    {0, "caff"sv, "CAF", Reader::kEngine, Layout::kCaf},
    {0, ".snd"sv, "AU", Reader::kEngine, Layout::kAu},
    {0, "fLaC"sv, "FLAC", Reader::kEngine, Layout::kFlac},
    {0, "NIST_1A"sv, "NIST SPHERE", Reader::kEngine},
    {0, "Creative Voice File"sv, "VOC", Reader::kEngine},

    {28, "OpusHead"sv, "Ogg Opus", Reader::kEngine, Layout::kOgg},
    {28, "\x01vorbis"sv, "Ogg Vorbis", Reader::kEngine, Layout::kOgg},
    {28, "\177FLAC"sv, "Ogg FLAC", Reader::kConverter, Layout::kOther, "ogg"},
    {28, "Speex   "sv, "Ogg Speex", Reader::kConverter, Layout::kOther, "ogg"},
    {0, "OggS"sv, "Ogg", Reader::kConverter, Layout::kOther, "ogg"},

    {4, "ftypM4A"sv, "MPEG-4 audio (m4a)", Reader::kConverter, Layout::kOther, "mp4"},
    {4, "ftypM4B"sv, "MPEG-4 audio (m4b)", Reader::kConverter, Layout::kOther, "mp4"},
    {4, "ftypqt"sv, "QuickTime (mov)", Reader::kConverter, Layout::kOther, "mp4"},
    {4, "ftyp3g"sv, "3GPP (3gp)", Reader::kConverter, Layout::kOther, "mp4"},
    {4, "ftypheic"sv, "a HEIC image", Reader::kNone},
    {4, "ftypmif1"sv, "a HEIC image", Reader::kNone},
    {4, "ftypavif"sv, "an AVIF image", Reader::kNone},
    {4, "ftyp"sv, "MPEG-4 (mp4)", Reader::kConverter, Layout::kOther, "mp4"},
    {4, "moov"sv, "QuickTime (mov)", Reader::kConverter, Layout::kOther, "mp4"},
    {4, "mdat"sv, "QuickTime (mov)", Reader::kConverter, Layout::kOther, "mp4"},
    {4, "wide"sv, "QuickTime (mov)", Reader::kConverter, Layout::kOther, "mp4"},
    {0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11"sv, "Windows Media (wma)", Reader::kConverter, Layout::kOther, "asf"},
    {0, "#!AMR"sv, "AMR", Reader::kConverter, Layout::kOther, "amr"},
    {0, "FLV\x01"sv, "Flash video", Reader::kConverter, Layout::kOther, "flv"},
    {0, "\x00\x00\x01\xba"sv, "MPEG program stream", Reader::kConverter, Layout::kOther, "mpeg-ps"},
    {0, "\x0b\x77"sv, "AC-3", Reader::kConverter, Layout::kOther, "ac3"},
    {0, "\x7f\xfe\x80\x01"sv, "DTS", Reader::kConverter, Layout::kOther, "dts"},
    {0, "wvpk"sv, "WavPack", Reader::kConverter, Layout::kOther, "wavpack"},
    {0, "MAC "sv, "Monkey's Audio", Reader::kConverter, Layout::kOther, "ape"},
    {0, "MPCK"sv, "Musepack", Reader::kConverter, Layout::kOther, "musepack"},
    {0, "MP+"sv, "Musepack", Reader::kConverter, Layout::kOther, "musepack"},
    {0, "TTA1"sv, "True Audio", Reader::kConverter, Layout::kOther, "tta"},
    {0, "DSD "sv, "DSD", Reader::kConverter, Layout::kOther, "dsf"},
    {0, ".RMF"sv, "RealMedia", Reader::kConverter, Layout::kOther, "realmedia"},

    {0, "%PDF-"sv, "a PDF document", Reader::kNone},
    {0, "PK\x03\x04"sv, "a zip archive or office document", Reader::kNone},
    {0, "\x1f\x8b"sv, "a gzip archive", Reader::kNone},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7-Zip archive", Reader::kNone},
    {0, "Rar!"sv, "a RAR archive", Reader::kNone},
    {0, "\x89PNG"sv, "a PNG image", Reader::kNone},
    {0, "\xff\xd8\xff"sv, "a JPEG image", Reader::kNone},
    {0, "GIF8"sv, "a GIF image", Reader::kNone},
    {0, "MThd"sv, "MIDI notes without sound", Reader::kNone},
    {0, "\177ELF"sv, "a program", Reader::kNone},
    {0, "bplist"sv, "a property list", Reader::kNone},
    {0, "SQLite format 3"sv, "a SQLite database", Reader::kNone},
};

bool matches(std::string_view head, const Signature& signature) {
  return head.substr(std::min(signature.offset, head.size())).starts_with(signature.bytes);
}

/// The four characters at offset 8 give the kind. Without them, it could be anything.
bool has_form_header(std::string_view head) {
  return head.starts_with("RIFF") || head.starts_with("RIFX") || head.starts_with("RF64") || head.starts_with("BW64") ||
         head.starts_with("FORM");
}

}  // namespace

std::optional<Container> match_signature(std::string_view head, size_t min_bytes) {
  for (const Signature& signature : kSignatures) {
    const bool in_form = signature.offset == 8;
    const bool in_ogg_page = signature.offset == 28;
    if (signature.bytes.size() < min_bytes) continue;
    if (!matches(head, signature) || (in_form && !has_form_header(head))) continue;
    if (in_ogg_page && !head.starts_with("OggS")) continue;
    return Container{std::string(signature.name), signature.reader, signature.layout, 0, std::string(signature.format)};
  }
  return std::nullopt;
}

}  // namespace hearth::audio
