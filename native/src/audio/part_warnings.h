#pragma once

#include <string>

#include "audio.h"
#include "part_reader.h"

namespace hearth::audio {

/// `3.2 s`
std::string seconds_text(double seconds);

/// Why a part with `frames` frames ended too early; empty if it did not.
std::string find_damage(const PartReader& reader, const Part& part, int64_t frames);

/// Adds the warnings for a part that was read and lies between two times of the recording.
void add_warnings(const PartReader& reader, const Part& part, double start_seconds, double end_seconds,
                  const std::string& damage, Audio& audio);

/// A channel that was used alone.
Warning describe_inversion(int channel, int channels);

/// A part that could not be read.
Warning describe_left_out(const Part& part, double at_seconds);

}  // namespace hearth::audio
