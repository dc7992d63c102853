#pragma once

#include <cstddef>

#include "../whisper/model.h"

namespace hearth::scheduler {

/// Memory for encoded windows and for rows of text, of each priority: what does not fit waits.
size_t capacity_bytes();
/// For tests: as if there were so much. Any thread.
void force_capacity(size_t bytes);

/// What an encoded window of this length takes with a row of text.
size_t window_bytes(const whisper::Model& model, int window_frames);

/// Whole ones, at least one.
int windows_that_fit(const whisper::Model& model);

}  // namespace hearth::scheduler
