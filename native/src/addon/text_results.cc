#include "text_results.h"

#include <algorithm>

#include "../whisper/beam_text.h"
#include "../whisper/sampled_text.h"
#include "arguments.h"

namespace hearth::addon {
namespace {

Napi::Object describe_text(Napi::Env env, const std::vector<int>& tokens, double sum_logprob) {
  auto object = make_numbers(env, {{"sumLogprob", sum_logprob}});
  object.Set("tokens", make_each(env, tokens, [](Napi::Env own, int token) { return Napi::Number::New(own, token); }));
  return object;
}

}  // namespace

Napi::Value describe_sampled(Napi::Env env, const std::shared_ptr<whisper::Text>& text) {
  const auto& sampled = static_cast<const whisper::SampledText&>(*text);
  auto object = describe_text(env, sampled.tokens(), sampled.sum_logprob());
  object.Set("noSpeechProb", sampled.no_speech_prob());
  return object;
}

Napi::Value describe_search(Napi::Env env, const std::shared_ptr<whisper::Text>& text) {
  const auto& search = static_cast<const whisper::BeamText&>(*text);
  auto object = make_numbers(env, {{"noSpeechProb", search.no_speech_prob()}});
  object.Set("candidates", make_each(env, search.candidates(), [](Napi::Env own, const whisper::Candidate& candidate) {
               return describe_text(own, candidate.tokens, candidate.sum_logprob);
             }));
  return object;
}

Napi::Value describe_alignment(Napi::Env env, const whisper::Alignment& alignment) {
  auto starts = Napi::Int32Array::New(env, alignment.starts.size());
  std::copy(alignment.starts.begin(), alignment.starts.end(), starts.Data());
  auto object = Napi::Object::New(env);
  object.Set("starts", starts);
  object.Set("probabilities", make_floats(env, alignment.probabilities));
  return object;
}

}  // namespace hearth::addon
