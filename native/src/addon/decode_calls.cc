#include "../whisper/decode_rows.h"
#include "arguments.h"
#include "calls.h"
#include "js_thread.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

using whisper::Encoding;
using whisper::Model;

whisper::DecodeRow read_row(const Napi::Object& row) {
  return {.prompt = {.window = read_int(row.Get("window")),
                     .tokens = read_ints(row.Get("prompt")),
                     .sot_index = read_int(row.Get("sotIndex"))},
          .temperature = row.Get("temperature").ToNumber().FloatValue(),
          .seed = static_cast<uint64_t>(row.Get("seed").ToNumber().Int64Value())};
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

whisper::DecodeRequest read_request(const Napi::Object& object) {
  whisper::DecodeRequest request;
  const auto rows = object.Get("rows").As<Napi::Array>();
  for (uint32_t i = 0; i < rows.Length(); ++i) request.rows.push_back(read_row(rows.Get(i).As<Napi::Object>()));
  request.filters = {.suppress_at_begin = read_ints(object.Get("suppressAtBegin")),
                     .suppress = read_ints(object.Get("suppress")),
                     .timestamp_rules = read_timestamp_rules(object.Get("timestampRules"))};
  request.end_of_text = read_int(object.Get("endOfText"));
  request.no_speech = read_optional_int(object.Get("noSpeech"));
  request.max_tokens = read_int(object.Get("maxTokens"));
  return request;
}

Napi::Value describe_results(Napi::Env env, const std::vector<whisper::DecodeResult>& results) {
  auto array = Napi::Array::New(env, results.size());
  for (size_t i = 0; i < results.size(); ++i) {
    const auto& result = results[i];
    auto object = make_numbers(env, {{"sumLogprob", result.sum_logprob},
                                     {"avgLogprob", result.sum_logprob / static_cast<double>(result.tokens.size() + 1)},
                                     {"noSpeechProb", result.no_speech_prob}});
    auto tokens = Napi::Array::New(env, result.tokens.size());
    for (size_t t = 0; t < result.tokens.size(); ++t) tokens.Set(static_cast<uint32_t>(t), result.tokens[t]);
    object.Set("tokens", tokens);
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
             auto features = mx::contiguous(mx::astype(mx::take(encoding->features, window, 0), mx::float32));
             features.eval();
             std::vector<float> values(features.data<float>(), features.data<float>() + features.size());
             return [values = std::move(values)](Napi::Env env) { return make_floats(env, values); };
           });
}

}  // namespace

void add_decode_calls(Napi::Object& exports) {
  add_function(exports, "decode", decode);
  add_function(exports, "detectLanguage", detect_language);
  add_function(exports, "logits", logits);
  add_function(exports, "readFeatures", read_features);
}

}  // namespace hearth::addon
