#include "sound_file.h"

#include <algorithm>
#include <cstdio>

#include "../errors.h"

namespace hearth::audio {
namespace {

struct Codec {
  int subtype;
  const char* name;
};

constexpr int kMpegLayer1 = 0x0080;
constexpr int kMpegLayer3 = 0x0082;

/// libsndfile's SF_FORMAT_* subtypes.
constexpr Codec kCodecs[] = {
    {0x0001, "8-bit PCM"},
    {0x0002, "16-bit PCM"},
    {0x0003, "24-bit PCM"},
    {0x0004, "32-bit PCM"},
    {0x0005, "8-bit PCM"},
    {0x0006, "32-bit float"},
    {0x0007, "64-bit float"},
    {0x0010, "mu-law"},
    {0x0011, "A-law"},
    {0x0012, "IMA ADPCM"},
    {0x0013, "Microsoft ADPCM"},
    {0x0020, "GSM 6.10"},
    {0x0022, "NMS ADPCM"},
    {0x0023, "NMS ADPCM"},
    {0x0024, "NMS ADPCM"},
    {0x0030, "G.721 ADPCM"},
    {0x0031, "G.723 ADPCM"},
    {0x0032, "G.723 ADPCM"},
    {0x0060, "Vorbis"},
    {0x0064, "Opus"},
    {0x0070, "16-bit ALAC"},
    {0x0071, "20-bit ALAC"},
    {0x0072, "24-bit ALAC"},
    {0x0073, "32-bit ALAC"},
    {kMpegLayer1, "MPEG layer I"},
    {0x0081, "MPEG layer II"},
    {kMpegLayer3, "MPEG layer III"},
};

/// What libsndfile says of a length it does not know is near this limit.
constexpr int64_t kMaxBelievableFrames = int64_t{1} << 48;

}  // namespace

sndfile::VirtualIo SoundFile::callbacks() {
  return {
      .length = [](void* user) -> int64_t { return static_cast<Cursor*>(user)->bytes->size(); },
      .seek = [](int64_t offset, int whence, void* user) -> int64_t {
        auto* cursor = static_cast<Cursor*>(user);
        const int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? cursor->position : cursor->bytes->size();
        if (base + offset < 0) return -1;
        return cursor->position = base + offset;
      },
      .read = [](void* out, int64_t count, void* user) -> int64_t {
        auto* cursor = static_cast<Cursor*>(user);
        if (count <= 0) return 0;
        const auto done = static_cast<int64_t>(cursor->bytes->read(cursor->position, out, static_cast<size_t>(count)));
        cursor->position += done;
        cursor->read_end = std::max(cursor->read_end, cursor->position);
        return done;
      },
      .write = [](const void*, int64_t, void*) -> int64_t { return 0; },
      .tell = [](void* user) -> int64_t { return static_cast<Cursor*>(user)->position; },
  };
}

SoundFile::SoundFile(ByteSource& bytes, const Container& container)
    : library_(sndfile_library()), cursor_{.bytes = &bytes}, io_(callbacks()) {
  handle_ = library_.open_virtual(&io_, sndfile::kModeRead, &info_, &cursor_);
  if (handle_ != nullptr) return;
  const int error = library_.error(nullptr);
  if (error == sndfile::kErrorUnsupportedEncoding || error == sndfile::kErrorUnimplemented) {
    throw Error(
        "AUDIO_NEEDS_CONVERSION",
        "Expected an encoding that the engine reads, got " + container.name + " with another one.",
        container.layout == Layout::kRiff ? "wav" : "");
  }
  throw Error("AUDIO_CORRUPT", "Expected a whole " + container.name + " recording, got a broken one.");
}

SoundFile::~SoundFile() { library_.close(handle_); }

int64_t SoundFile::claimed_frames() const {
  return info_.frames > 0 && info_.frames < kMaxBelievableFrames ? info_.frames : 0;
}

bool SoundFile::is_mpeg() const {
  const int subtype = info_.format & sndfile::kSubtypeMask;
  return subtype >= kMpegLayer1 && subtype <= kMpegLayer3;
}

std::string SoundFile::codec() const {
  const int subtype = info_.format & sndfile::kSubtypeMask;
  for (const Codec& codec : kCodecs) {
    if (codec.subtype == subtype) return codec.name;
  }
  return "encoding " + std::to_string(subtype);
}

std::vector<int> SoundFile::channel_map() const {
  std::vector<int> map(channels());
  const int size = static_cast<int>(map.size() * sizeof(int));
  const bool is_told = library_.command(handle_, sndfile::kGetChannelMap, map.data(), size) != 0;
  return is_told ? map : std::vector<int>{};
}

int64_t SoundFile::read(float* out, int64_t frames) { return library_.read_frames(handle_, out, frames); }

std::string SoundFile::failure() const {
  if (!cursor_.bytes->failure().empty()) return cursor_.bytes->failure();
  return library_.error(handle_) == 0 ? "" : "the decoder met bytes that it cannot read";
}

}  // namespace hearth::audio
