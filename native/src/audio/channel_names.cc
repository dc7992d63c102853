#include "channel_names.h"

#include <algorithm>
#include <array>
#include <set>

namespace hearth::audio {
namespace {

enum Position {
  kFrontLeft,
  kFrontRight,
  kFrontCenter,
  kLowFrequency,
  kBackLeft,
  kBackRight,
  kBackCenter,
  kSideLeft,
  kSideRight,
  kFrontLeftOfCenter,
  kFrontRightOfCenter,
  kPositions
};

constexpr std::array<const char*, kPositions> kNames = {
    "Front left",  "Front right", "Front center", "Low frequency",        "Back left",
    "Back right",  "Back center", "Side left",    "Side right",           "Front left of center",
    "Front right of center"};

using Positions = std::vector<Position>;

/// RFC 9639, section 9.1.3.
const std::array<Positions, 6> kFlacOrders = {{
    {kFrontLeft, kFrontRight, kFrontCenter},
    {kFrontLeft, kFrontRight, kBackLeft, kBackRight},
    {kFrontLeft, kFrontRight, kFrontCenter, kBackLeft, kBackRight},
    {kFrontLeft, kFrontRight, kFrontCenter, kLowFrequency, kBackLeft, kBackRight},
    {kFrontLeft, kFrontRight, kFrontCenter, kLowFrequency, kBackCenter, kSideLeft, kSideRight},
    {kFrontLeft, kFrontRight, kFrontCenter, kLowFrequency, kBackLeft, kBackRight, kSideLeft, kSideRight},
}};

/// Vorbis I, section 4.3.9, which Opus follows.
const std::array<Positions, 6> kVorbisOrders = {{
    {kFrontLeft, kFrontCenter, kFrontRight},
    {kFrontLeft, kFrontRight, kBackLeft, kBackRight},
    {kFrontLeft, kFrontCenter, kFrontRight, kBackLeft, kBackRight},
    {kFrontLeft, kFrontCenter, kFrontRight, kBackLeft, kBackRight, kLowFrequency},
    {kFrontLeft, kFrontCenter, kFrontRight, kSideLeft, kSideRight, kBackCenter, kLowFrequency},
    {kFrontLeft, kFrontCenter, kFrontRight, kSideLeft, kSideRight, kBackLeft, kBackRight, kLowFrequency},
}};

constexpr int kFirstOrder = 3;

/// libsndfile's SF_CHANNEL_MAP_* values, by what they mean.
Position position_of(int code) {
  switch (code) {
    case 2:
    case 5:
      return kFrontLeft;
    case 3:
    case 6:
      return kFrontRight;
    case 4:
    case 7:
      return kFrontCenter;
    case 8:
      return kBackCenter;
    case 9:
      return kBackLeft;
    case 10:
      return kBackRight;
    case 11:
      return kLowFrequency;
    case 12:
      return kFrontLeftOfCenter;
    case 13:
      return kFrontRightOfCenter;
    case 14:
      return kSideLeft;
    case 15:
      return kSideRight;
    default:
      return kPositions;
  }
}

/// Empty where the container does not tell. libsndfile's answers for AIFF are none.
Positions positions_of(const SoundFile& file, Layout layout) {
  const int channels = file.channels();
  const bool has_order = channels >= kFirstOrder && channels < kFirstOrder + static_cast<int>(kFlacOrders.size());
  if (layout == Layout::kFlac) return has_order ? kFlacOrders[channels - kFirstOrder] : Positions{};
  if (layout == Layout::kOgg) return has_order ? kVorbisOrders[channels - kFirstOrder] : Positions{};
  if (layout == Layout::kAiff) return {};
  Positions positions;
  for (const int code : file.channel_map()) positions.push_back(position_of(code));
  const bool is_known = std::find(positions.begin(), positions.end(), kPositions) == positions.end();
  const bool is_distinct = std::set(positions.begin(), positions.end()).size() == positions.size();
  return is_known && is_distinct ? positions : Positions{};
}

}  // namespace

std::vector<std::string> channel_names(const SoundFile& file, Layout layout) {
  const auto count = static_cast<size_t>(file.channels());
  const Positions positions = positions_of(file, layout);
  if (count == 2 && (positions.empty() || positions == Positions{kFrontLeft, kFrontRight})) return {"Left", "Right"};
  std::vector<std::string> names;
  for (size_t i = 0; i < count; ++i) {
    names.push_back(positions.empty() ? "Channel " + std::to_string(i + 1) : kNames[positions[i]]);
  }
  return names;
}

}  // namespace hearth::audio
