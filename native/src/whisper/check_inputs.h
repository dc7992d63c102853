#pragma once

#include <vector>

#include "align_text.h"
#include "beam_text.h"
#include "sampled_text.h"
#include "text.h"

namespace hearth::whisper {

// Every index that comes from outside is looked at before it reads a table or a cache. Each throws INTERNAL.

/// Those of a Whisper model. Throws MODEL_INVALID.
void check_dimensions(const ModelDimensions& dimensions);
/// A window of so many frames: at least a position's two, no more than 30 s, and none in half.
void check_window(int frames);
/// The encoding is this model's own: as many layers and as wide.
void check_encoding(const ModelDimensions& dimensions, const Encoding& encoding);
void check_tokens(const ModelDimensions& dimensions, const std::vector<int>& tokens);
/// Tokens that are read at positions 0 and up: at least one, and no more than there are positions.
void check_context(const ModelDimensions& dimensions, const std::vector<int>& tokens);
void check_filters(int vocabulary_size, const LogitFilters& filters);
void check_text(const ModelDimensions& dimensions, const Prompt& prompt, const DecodingRules& rules);
void check_sample(const SampleSettings& settings);
void check_beams(const BeamSettings& settings);
void check_alignment(const ModelDimensions& dimensions, const AlignRequest& request);

}  // namespace hearth::whisper
