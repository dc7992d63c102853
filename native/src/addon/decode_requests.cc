#include "decode_requests.h"

#include <cmath>

#include "abort_signal.h"
#include "arguments.h"
#include "mel_and_encoding.h"

namespace hearth::addon {
namespace {

whisper::Prompt read_prompt(const Napi::Value& value) {
  const auto row = value.As<Napi::Object>();
  return {.encoding = Encoding::open(row.Get("encoding")),
          .tokens = read_ints(row.Get("prompt")),
          .sot_index = read_int(row.Get("sotIndex")),
          .speech_until = read_optional_int(row.Get("speechUntil")).value_or(0)};
}

whisper::DecodeRow read_row(const Napi::Value& value) {
  const auto row = value.As<Napi::Object>();
  return {.prompt = read_prompt(row),
          .temperature = row.Get("temperature").ToNumber().FloatValue(),
          .seed = static_cast<uint64_t>(row.Get("seed").ToNumber().Int64Value()),
          .cancellation = cancellation_of(row.Get("signal"))};
}

std::optional<whisper::TimestampRules> read_timestamp_rules(const Napi::Value& value) {
  if (!value.IsObject()) return std::nullopt;
  const auto rules = value.As<Napi::Object>();
  return whisper::TimestampRules{
      .timestamp_begin = read_int(rules.Get("timestampBegin")),
      .no_timestamps = read_int(rules.Get("noTimestamps")),
      .end_of_text = read_int(rules.Get("endOfText")),
      .max_initial_timestamp_index = read_optional_int(rules.Get("maxInitialTimestampIndex"))};
}

/// What greedy decoding and beam search share.
template <typename Request>
void read_shared(const Napi::Object& object, Request& request) {
  request.filters = read_filters(object.Get("filters").As<Napi::Object>());
  request.end_of_text = read_int(object.Get("endOfText"));
  request.no_speech = read_optional_int(object.Get("noSpeech"));
  request.max_tokens = read_int(object.Get("maxTokens"));
}

whisper::AlignRow read_align_row(const Napi::Value& value) {
  const auto row = value.As<Napi::Object>();
  return {.encoding = Encoding::open(row.Get("encoding")),
          .prompt = read_ints(row.Get("prompt")),
          .text = read_ints(row.Get("text")),
          .frames = read_int(row.Get("frames"))};
}

std::pair<int, int> read_head(const Napi::Value& value) {
  const auto pair = value.As<Napi::Array>();
  return {read_int(pair.Get(0U)), read_int(pair.Get(1U))};
}

}  // namespace

whisper::LogitFilters read_filters(const Napi::Object& filters) {
  return {.suppress_at_begin = read_ints(filters.Get("suppressAtBegin")),
          .suppress = read_ints(filters.Get("suppress")),
          .timestamp_rules = read_timestamp_rules(filters.Get("timestampRules"))};
}

whisper::DecodeRequest read_decode_request(const Napi::Object& object) {
  whisper::DecodeRequest request;
  request.rows = read_each(object.Get("rows"), read_row);
  read_shared(object, request);
  return request;
}

whisper::BeamRequest read_beam_request(const Napi::Object& object) {
  whisper::BeamRequest request;
  request.prompts = read_each(object.Get("prompts"), read_prompt);
  read_shared(object, request);
  request.beam_size = read_int(object.Get("beamSize"));
  request.max_candidates =
      static_cast<int>(std::lround(object.Get("patience").ToNumber().DoubleValue() * request.beam_size));
  return request;
}

whisper::AlignRequest read_align_request(const Napi::Object& object) {
  whisper::AlignRequest request;
  request.rows = read_each(object.Get("rows"), read_align_row);
  request.heads = read_each(object.Get("heads"), read_head);
  request.end_of_text = read_int(object.Get("endOfText"));
  return request;
}

}  // namespace hearth::addon
