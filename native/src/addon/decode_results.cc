#include "decode_results.h"

#include <algorithm>

#include "arguments.h"

namespace hearth::addon {
namespace {

Napi::Array make_ints(Napi::Env env, const std::vector<int>& values) {
  return make_each(env, values, [](Napi::Env own, int value) { return Napi::Number::New(own, value); });
}

Napi::Object describe_text(Napi::Env env, const std::vector<int>& tokens, double sum_logprob) {
  auto object = make_numbers(env, {{"sumLogprob", sum_logprob}});
  object.Set("tokens", make_ints(env, tokens));
  return object;
}

}  // namespace

Napi::Value describe(Napi::Env env, const whisper::DecodeResult& result) {
  auto object = describe_text(env, result.tokens, result.sum_logprob);
  object.Set("noSpeechProb", result.no_speech_prob);
  if (result.cancelled) object.Set("cancelled", true);
  return object;
}

Napi::Value describe(Napi::Env env, const whisper::BeamResult& result) {
  auto object = make_numbers(env, {{"noSpeechProb", result.no_speech_prob}});
  object.Set("candidates", make_each(env, result.candidates, [](Napi::Env own, const whisper::Candidate& candidate) {
               return describe_text(own, candidate.tokens, candidate.sum_logprob);
             }));
  return object;
}

Napi::Value describe(Napi::Env env, const whisper::Alignment& alignment) {
  auto starts = Napi::Int32Array::New(env, alignment.starts.size());
  std::copy(alignment.starts.begin(), alignment.starts.end(), starts.Data());
  auto object = Napi::Object::New(env);
  object.Set("starts", starts);
  object.Set("probabilities", make_floats(env, alignment.probabilities));
  return object;
}

}  // namespace hearth::addon
