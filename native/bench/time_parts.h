#pragma once

#include "../src/whisper/model.h"

namespace hearth {

/// Prints as JSON where the time of a window and its text goes, what prompts of several lengths take, and which
/// operations a step of the decoder hands to MLX.
int time_parts(const whisper::ModelDimensions& dimensions, whisper::ModelSource source);

}  // namespace hearth
