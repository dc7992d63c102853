#include "check_inputs.h"

#include <cmath>
#include <cstdint>
#include <string>

#include "../errors.h"

namespace hearth::whisper {
namespace {

/// Below it no search needs more, and its caches still fit.
constexpr int kMostBeams = 64;

[[noreturn]] void refuse(const std::string& expected, int64_t got) {
  throw Error("INTERNAL", "Expected " + expected + ", got " + std::to_string(got) + ".");
}

/// `value` lies in [first, last].
void check_range(const char* name, int64_t value, int64_t first, int64_t last) {
  if (value >= first && value <= last) return;
  refuse(std::string(name) + " to be from " + std::to_string(first) + " to " + std::to_string(last), value);
}

void check_token(const ModelDimensions& dimensions, const char* name, int token) {
  check_range(name, token, 0, dimensions.vocabulary_size - 1);
}

}  // namespace

void check_dimensions(const ModelDimensions& dimensions) {
  const bool heads_fit = dimensions.audio_state == dimensions.audio_heads * kHeadSize &&
                         dimensions.text_state == dimensions.text_heads * kHeadSize &&
                         dimensions.audio_state == dimensions.text_state;
  const bool window_fits = dimensions.audio_context * 2 == kFramesPerWindow;
  const bool bins_fit = dimensions.mel_bins == 80 || dimensions.mel_bins == 128;
  if (!heads_fit || !window_fits || !bins_fit) {
    throw Error(
        "MODEL_INVALID",
        "Expected Whisper's dimensions (64 channels per head, the same width in encoder and decoder, 1500 audio "
        "positions, 80 or 128 mel bins), got others in config.json.");
  }
}

void check_window(int frames) {
  check_range("the count of frames in a window", frames, 2, kFramesPerWindow);
  if (frames % 2 != 0) refuse("an even count of frames in a window", frames);
}

void check_encoding(const ModelDimensions& dimensions, const Encoding& encoding) {
  if (!encoding.cross.layers.empty() && static_cast<int>(encoding.cross.layers.size()) != dimensions.text_layers) {
    refuse("an encoding of " + std::to_string(dimensions.text_layers) + " layers",
           static_cast<int64_t>(encoding.cross.layers.size()));
  }
  const int width = encoding.features.shape(-1);
  if (width != dimensions.audio_state) {
    refuse("an encoding " + std::to_string(dimensions.audio_state) + " wide", width);
  }
}

void check_tokens(const ModelDimensions& dimensions, const std::vector<int>& tokens) {
  for (const int token : tokens) check_token(dimensions, "a token", token);
}

void check_context(const ModelDimensions& dimensions, const std::vector<int>& tokens) {
  check_range("the count of tokens", static_cast<int64_t>(tokens.size()), 1, dimensions.text_context);
  check_tokens(dimensions, tokens);
}

void check_filters(int vocabulary_size, const LogitFilters& filters) {
  if (!filters.timestamp_rules) return;
  const auto& rules = *filters.timestamp_rules;
  check_range("the first timestamp", rules.timestamp_begin, 1, vocabulary_size - 1);
  check_range("the no-timestamps token", rules.no_timestamps, 0, vocabulary_size - 1);
  check_range("the end of text", rules.end_of_text, 0, vocabulary_size - 1);
  check_range("the latest first timestamp", rules.max_initial_timestamp_index.value_or(0), 0, vocabulary_size);
}

void check_text(const ModelDimensions& dimensions, const Prompt& prompt, const DecodingRules& rules) {
  check_encoding(dimensions, *prompt.encoding);
  check_context(dimensions, prompt.tokens);
  check_range("the start of transcript's position", prompt.sot_index, 0,
              static_cast<int64_t>(prompt.tokens.size()) - 1);
  check_filters(dimensions.vocabulary_size, rules.filters);
  check_token(dimensions, "the end of text", rules.end_of_text);
  if (rules.no_speech) check_token(dimensions, "the no-speech token", *rules.no_speech);
  check_range("the most tokens of a text", rules.max_tokens, 1, dimensions.text_context);
}

void check_sample(const SampleSettings& settings) {
  if (std::isfinite(settings.temperature) && settings.temperature >= 0) return;
  throw Error("INTERNAL", "Expected a temperature from 0 on, got another number.");
}

void check_beams(const BeamSettings& settings) {
  check_range("the count of beams", settings.beam_size, 1, kMostBeams);
  check_range("the count of candidates", settings.max_candidates, 1, INT32_MAX);
}

void check_alignment(const ModelDimensions& dimensions, const AlignRequest& request) {
  check_encoding(dimensions, *request.encoding);
  check_range("the end of text", request.end_of_text, 1, dimensions.vocabulary_size - 1);
  for (const auto& [layer, head] : request.heads) {
    check_range("an alignment head's layer", layer, 0, dimensions.text_layers - 1);
    check_range("an alignment head", head, 0, dimensions.text_heads - 1);
  }
  check_context(dimensions, request.prompt);
  // The end of text follows.
  const auto all = static_cast<int64_t>(request.prompt.size() + request.text.size() + 1);
  check_range("the count of tokens", all, 2, dimensions.text_context);
  for (const int token : request.text) check_range("a text token", token, 0, request.end_of_text - 1);
  check_range("the count of frames", request.frames, 1, request.encoding->features.shape(1));
}

}  // namespace hearth::whisper
