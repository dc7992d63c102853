#pragma once

#include "../src/whisper/model.h"

namespace hearth {

/// Prints what a random model takes for a token with guesses by a smaller one, of which none, half, most or all are right,
/// against none, decoded in turn; and what of it goes into rounds with guesses, which guess and read, and into plain
/// runs. `first` is a model's very first text, `next` the first one of another session, `later` one of a session that has
/// had others.
int time_drafts(const whisper::ModelDimensions& large, const whisper::ModelDimensions& draft,
                const whisper::ModelSource& source);

}  // namespace hearth
