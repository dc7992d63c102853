#pragma once

#include <string>

#include "audio.h"
#include "part_reader.h"

namespace hearth::audio {

/// `3.2 s`
std::string seconds_text(double seconds);

/// Why a part, of which `frames` were read, ended too early; empty when it did not.
std::string find_damage(const PartReader& reader, const Part& part, int64_t frames);

/// Adds what there is to say about a part that was read, and which lies between two times of the whole.
void add_warnings(const PartReader& reader, const Part& part, double start_seconds, double end_seconds,
                  const std::string& damage, Audio& audio);

/// A channel of several that was taken alone.
Warning describe_inversion(int channel, int channels);

/// A part that was not read.
Warning describe_left_out(const Part& part, double at_seconds);

}  // namespace hearth::audio
