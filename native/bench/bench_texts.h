#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "../src/whisper/model.h"
#include "../src/whisper/sampled_text.h"

namespace hearth {

double median(std::vector<double> values);
double milliseconds(const std::function<void()>& work);
/// Of so many times, after two more.
double median_milliseconds(int times, const std::function<void()>& work);

whisper::LogitFilters real_filters(const whisper::ModelDimensions& dimensions);

using Texts = std::vector<std::shared_ptr<whisper::SampledText>>;

std::shared_ptr<whisper::SampledText> greedy_text(const whisper::ModelDimensions& dimensions, whisper::Prompt prompt,
                                                  whisper::DecodingRules rules);

/// A text of each window. Their prompts are of `longer_prompts` lengths, if it is given.
Texts texts_of(const whisper::ModelDimensions& dimensions, std::span<const whisper::EncodingPointer> encodings,
               int tokens, int longer_prompts = 0);

void decode_together(whisper::Model& model, const Texts& texts);

}  // namespace hearth
