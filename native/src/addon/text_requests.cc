#include "text_requests.h"

#include <cmath>

#include "arguments.h"
#include "encoding.h"

namespace hearth::addon {
namespace {

std::optional<whisper::TimestampRules> read_timestamp_rules(const Napi::Value& value) {
  if (!value.IsObject()) return std::nullopt;
  const auto rules = value.As<Napi::Object>();
  return whisper::TimestampRules{
      .timestamp_begin = read_int(rules.Get("timestampBegin")),
      .no_timestamps = read_int(rules.Get("noTimestamps")),
      .end_of_text = read_int(rules.Get("endOfText")),
      .max_initial_timestamp_index = read_optional_int(rules.Get("maxInitialTimestampIndex"))};
}

}  // namespace

whisper::LogitFilters read_filters(const Napi::Value& value) {
  const auto filters = value.As<Napi::Object>();
  return {.suppress_at_begin = read_ints(filters.Get("suppressAtBegin")),
          .suppress = read_ints(filters.Get("suppress")),
          .timestamp_rules = read_timestamp_rules(filters.Get("timestampRules"))};
}

whisper::Prompt read_prompt(const Napi::Object& request) {
  return {.encoding = Encoding::open(request.Get("encoding")),
          .tokens = read_ints(request.Get("prompt")),
          .sot_index = read_int(request.Get("sotIndex")),
          .speech_until = read_optional_int(request.Get("speechUntil")).value_or(0)};
}

std::vector<int> read_draft(const Napi::Object& request) {
  const auto draft = request.Get("draft");
  return draft.IsObject() ? read_ints(draft) : std::vector<int>();
}

whisper::DecodingRules read_rules(const Napi::Object& request) {
  return {.filters = read_filters(request.Get("filters")),
          .end_of_text = read_int(request.Get("endOfText")),
          .no_speech = read_optional_int(request.Get("noSpeech")),
          .max_tokens = read_int(request.Get("maxTokens"))};
}

whisper::SampleSettings read_sample(const Napi::Value& value) {
  const auto sample = value.As<Napi::Object>();
  return {.temperature = sample.Get("temperature").ToNumber().FloatValue(),
          .seed = static_cast<uint64_t>(sample.Get("seed").ToNumber().Int64Value())};
}

whisper::BeamSettings read_beams(const Napi::Object& request) {
  const int beam_size = read_int(request.Get("beamSize"));
  const double patience = request.Get("patience").ToNumber().DoubleValue();
  return {.beam_size = beam_size, .max_candidates = static_cast<int>(std::lround(patience * beam_size))};
}

whisper::AlignRequest read_align_request(const Napi::Object& request) {
  return {.encoding = Encoding::open(request.Get("encoding")),
          .prompt = read_ints(request.Get("prompt")),
          .text = read_ints(request.Get("text")),
          .frames = read_int(request.Get("frames")),
          .heads = read_each(request.Get("heads"), read_pair),
          .end_of_text = read_int(request.Get("endOfText"))};
}

}  // namespace hearth::addon
