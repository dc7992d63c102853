#include "../whisper/align_rows.h"
#include "../whisper/beam_search.h"
#include "../whisper/check_inputs.h"
#include "../whisper/decode_rows.h"
#include "../whisper/warm_up.h"
#include "arguments.h"
#include "calls.h"
#include "js_thread.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

using whisper::Encoding;
using whisper::Model;

whisper::Prompt read_prompt(const Napi::Object& row) {
  return {.window = read_int(row.Get("window")),
          .tokens = read_ints(row.Get("prompt")),
          .sot_index = read_int(row.Get("sotIndex")),
          .speech_until = read_optional_int(row.Get("speechUntil")).value_or(0)};
}

whisper::DecodeRow read_row(const Napi::Object& row) {
  return {.prompt = read_prompt(row),
          .temperature = row.Get("temperature").ToNumber().FloatValue(),
          .seed = static_cast<uint64_t>(row.Get("seed").ToNumber().Int64Value()),
          .cancellation = read_cancellation(row.Get("cancellation"))};
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

whisper::LogitFilters read_filters(const Napi::Object& object) {
  return {.suppress_at_begin = read_ints(object.Get("suppressAtBegin")),
          .suppress = read_ints(object.Get("suppress")),
          .timestamp_rules = read_timestamp_rules(object.Get("timestampRules"))};
}

whisper::BeamRequest read_beam_request(const Napi::Object& object) {
  whisper::BeamRequest request;
  const auto prompts = object.Get("prompts").As<Napi::Array>();
  for (uint32_t i = 0; i < prompts.Length(); ++i) {
    request.prompts.push_back(read_prompt(prompts.Get(i).As<Napi::Object>()));
  }
  request.filters = read_filters(object);
  request.end_of_text = read_int(object.Get("endOfText"));
  request.no_speech = read_optional_int(object.Get("noSpeech"));
  request.max_tokens = read_int(object.Get("maxTokens"));
  request.beam_size = read_int(object.Get("beamSize"));
  request.max_candidates = read_int(object.Get("maxCandidates"));
  return request;
}

whisper::DecodeRequest read_request(const Napi::Object& object) {
  whisper::DecodeRequest request;
  const auto rows = object.Get("rows").As<Napi::Array>();
  for (uint32_t i = 0; i < rows.Length(); ++i) request.rows.push_back(read_row(rows.Get(i).As<Napi::Object>()));
  request.filters = read_filters(object);
  request.end_of_text = read_int(object.Get("endOfText"));
  request.no_speech = read_optional_int(object.Get("noSpeech"));
  request.max_tokens = read_int(object.Get("maxTokens"));
  return request;
}

/// A text with its scores; OpenAI's average counts the end of text as a token.
Napi::Object describe_text(Napi::Env env, const std::vector<int>& tokens, double sum_logprob) {
  auto object = make_numbers(
      env, {{"sumLogprob", sum_logprob}, {"avgLogprob", sum_logprob / static_cast<double>(tokens.size() + 1)}});
  auto array = Napi::Array::New(env, tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) array.Set(static_cast<uint32_t>(i), tokens[i]);
  object.Set("tokens", array);
  return object;
}

Napi::Value describe_searches(Napi::Env env, const std::vector<whisper::BeamResult>& results) {
  auto array = Napi::Array::New(env, results.size());
  for (size_t i = 0; i < results.size(); ++i) {
    auto object = make_numbers(env, {{"noSpeechProb", results[i].no_speech_prob}});
    auto candidates = Napi::Array::New(env);
    for (const auto& candidate : results[i].candidates) {
      candidates.Set(candidates.Length(), describe_text(env, candidate.tokens, candidate.sum_logprob));
    }
    object.Set("candidates", candidates);
    array.Set(static_cast<uint32_t>(i), object);
  }
  return array;
}

Napi::Value describe_results(Napi::Env env, const std::vector<whisper::DecodeResult>& results) {
  auto array = Napi::Array::New(env, results.size());
  for (size_t i = 0; i < results.size(); ++i) {
    auto object = describe_text(env, results[i].tokens, results[i].sum_logprob);
    object.Set("noSpeechProb", results[i].no_speech_prob);
    if (results[i].cancelled) object.Set("cancelled", true);
    array.Set(static_cast<uint32_t>(i), object);
  }
  return array;
}

/// decode(model, encoding, request, cancellation, onToken)
Napi::Value decode(const Napi::CallbackInfo& info) {
  const bool wants_tokens = info[4].IsFunction();
  return js_thread(info.Env())
      .run(engine_thread(),
           [model = open_handle<Model>(info[0]), encoding = open_handle<Encoding>(info[1]),
            request = read_request(info[2].As<Napi::Object>()), cancellation = read_cancellation(info[3]),
            wants_tokens](const JsThread::Emit& emit) -> ToValue {
             const auto on_token = [&](int row, int token) {
               if (!wants_tokens) return;
               emit(0, [row, token](Napi::Env env) { return make_numbers(env, {{"row", row}, {"token", token}}); });
             };
             auto results = whisper::decode_rows(*model, *encoding, request, on_token, *cancellation);
             return [results = std::move(results)](Napi::Env env) { return describe_results(env, results); };
           },
           {}, {info[4]});
}

/// beamSearch(model, encoding, request, cancellation)
Napi::Value beam_search(const Napi::CallbackInfo& info) {
  return js_thread(info.Env())
      .run(engine_thread(),
           [model = open_handle<Model>(info[0]), encoding = open_handle<Encoding>(info[1]),
            request = read_beam_request(info[2].As<Napi::Object>()),
            cancellation = read_cancellation(info[3])](const JsThread::Emit&) -> ToValue {
             auto results = whisper::beam_search(*model, *encoding, request, *cancellation);
             return [results = std::move(results)](Napi::Env env) { return describe_searches(env, results); };
           });
}

whisper::AlignRequest read_align_request(const Napi::Object& object) {
  whisper::AlignRequest request;
  const auto rows = object.Get("rows").As<Napi::Array>();
  for (uint32_t i = 0; i < rows.Length(); ++i) {
    const auto row = rows.Get(i).As<Napi::Object>();
    request.rows.push_back({.window = read_int(row.Get("window")),
                            .prompt = read_ints(row.Get("prompt")),
                            .text = read_ints(row.Get("text")),
                            .frames = read_int(row.Get("frames"))});
  }
  const auto heads = read_ints(object.Get("heads"));
  for (size_t i = 0; i + 1 < heads.size(); i += 2) request.heads.emplace_back(heads[i], heads[i + 1]);
  request.end_of_text = read_int(object.Get("endOfText"));
  return request;
}

/// align(model, encoding, request, cancellation)
Napi::Value align(const Napi::CallbackInfo& info) {
  return js_thread(info.Env())
      .run(engine_thread(),
           [model = open_handle<Model>(info[0]), encoding = open_handle<Encoding>(info[1]),
            request = read_align_request(info[2].As<Napi::Object>()),
            cancellation = read_cancellation(info[3])](const JsThread::Emit&) -> ToValue {
             auto alignments = whisper::align_rows(*model, *encoding, request, *cancellation);
             return [alignments = std::move(alignments)](Napi::Env env) {
               auto array = Napi::Array::New(env, alignments.size());
               for (size_t i = 0; i < alignments.size(); ++i) {
                 auto object = Napi::Object::New(env);
                 auto starts = Napi::Int32Array::New(env, alignments[i].starts.size());
                 std::copy(alignments[i].starts.begin(), alignments[i].starts.end(), starts.Data());
                 object.Set("starts", starts);
                 object.Set("probabilities", make_floats(env, alignments[i].probabilities));
                 array.Set(static_cast<uint32_t>(i), object);
               }
               return array;
             };
           });
}

/// warmUp(model, { batchSize, endOfText, filters }, cancellation, onProgress)
Napi::Value warm_up(const Napi::CallbackInfo& info) {
  const auto object = info[1].As<Napi::Object>();
  const whisper::WarmUpRequest request{.batch_size = read_int(object.Get("batchSize")),
                                       .filters = read_filters(object),
                                       .end_of_text = read_int(object.Get("endOfText"))};
  return js_thread(info.Env())
      .run(engine_thread(),
           [model = open_handle<Model>(info[0]), request,
            cancellation = read_cancellation(info[2])](const JsThread::Emit& emit) -> ToValue {
             const auto on_progress = [&emit](int done, int total) {
               emit(0, [done, total](Napi::Env env) { return make_numbers(env, {{"done", done}, {"total", total}}); });
             };
             whisper::warm_up(*model, request, on_progress, *cancellation);
             return [](Napi::Env env) { return env.Undefined(); };
           },
           {}, {info[3]});
}

/// detectLanguage(model, encoding, sot, languageTokens)
Napi::Value detect_language(const Napi::CallbackInfo& info) {
  return js_thread(info.Env())
      .run(engine_thread(),
           [model = open_handle<Model>(info[0]), encoding = open_handle<Encoding>(info[1]), sot = read_int(info[2]),
            tokens = read_ints(info[3])](const JsThread::Emit&) -> ToValue {
             auto windows = model->detect_language(*encoding, sot, tokens);
             return [windows = std::move(windows)](Napi::Env env) {
               auto array = Napi::Array::New(env, windows.size());
               for (size_t i = 0; i < windows.size(); ++i)
                 array.Set(static_cast<uint32_t>(i), make_floats(env, windows[i]));
               return array;
             };
           });
}

/// filterLogits(request, speechUntil, sampled, logits): a filtered copy, so that tests can hold the rules against a
/// table.
Napi::Value filter_logits(const Napi::CallbackInfo& info) {
  const auto logits = info[3].As<Napi::Float32Array>();
  std::vector<float> values(logits.Data(), logits.Data() + logits.ElementLength());
  const auto filters = read_filters(info[0].As<Napi::Object>());
  whisper::check_filters(static_cast<int>(values.size()), filters);
  whisper::apply_logit_filters(filters, read_int(info[1]), read_ints(info[2]), values);
  return make_floats(info.Env(), values);
}

/// logits(model, encoding, window, tokens)
Napi::Value logits(const Napi::CallbackInfo& info) {
  return js_thread(info.Env())
      .run(engine_thread(),
           [model = open_handle<Model>(info[0]), encoding = open_handle<Encoding>(info[1]), window = read_int(info[2]),
            tokens = read_ints(info[3])](const JsThread::Emit&) -> ToValue {
             auto values = model->logits(*encoding, window, tokens);
             return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
           });
}

/// readFeatures(encoding, window)
Napi::Value read_features(const Napi::CallbackInfo& info) {
  return js_thread(info.Env())
      .run(engine_thread(),
           [encoding = open_handle<Encoding>(info[0]), window = read_int(info[1])](const JsThread::Emit&) -> ToValue {
             whisper::check_window(*encoding, window);
             auto features = mx::contiguous(mx::astype(encoding->features.at(window), mx::float32));
             features.eval();
             std::vector<float> values(features.data<float>(), features.data<float>() + features.size());
             return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
           });
}

}  // namespace

void add_decode_calls(Napi::Object& exports) {
  add_function(exports, "decode", decode);
  add_function(exports, "align", align);
  add_function(exports, "beamSearch", beam_search);
  add_function(exports, "detectLanguage", detect_language);
  add_function(exports, "filterLogits", filter_logits);
  add_function(exports, "logits", logits);
  add_function(exports, "readFeatures", read_features);
  add_function(exports, "warmUp", warm_up);
}

}  // namespace hearth::addon
