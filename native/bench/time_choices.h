#pragma once

#include "../src/whisper/model.h"

namespace hearth {

/// Prints what the engine would choose for a random model of this shape, how long it takes to find out with the kernels
/// that are there and with all, and every trial, also those that a choice does without. `only_tries`: each trial once.
int time_choices(const whisper::ModelDimensions& dimensions, whisper::ModelSource source, bool only_tries);

}  // namespace hearth
