#include "session.h"

#include <array>
#include <utility>

#include "../scheduler/tasks.h"
#include "../whisper/beam_text.h"
#include "../whisper/check_inputs.h"
#include "../whisper/sampled_text.h"
#include "abort_signal.h"
#include "arguments.h"
#include "audio.h"
#include "encoding.h"
#include "growing_audio.h"
#include "model.h"
#include "text_requests.h"
#include "text_results.h"
#include "voice_activity.h"

namespace hearth::addon {
namespace {

using Texts = std::vector<std::shared_ptr<whisper::Text>>;

/// Gives a task to the scheduler. The promise is for what `describe` makes of its result.
template <typename Task, typename Describe>
Napi::Value schedule(const JsThread::Call& call, Task task, const Describe& describe) {
  using Result = typename decltype(task.answer)::Result;
  const auto pending = call.pending;
  task.answer.resolve = [pending, describe](Result result) {
    pending.resolve(
        [result = std::move(result), describe](Napi::Env env) -> Napi::Value { return describe(env, result); });
  };
  task.answer.reject = [pending](const Error& error) { pending.reject(error); };
  const auto shared = std::make_shared<Task>(std::move(task));
  engine_thread().post([shared] { the_scheduler().add(std::move(*shared)); });
  return call.promise;
}

const char* name_of(scheduler::Stage stage) {
  constexpr std::array<const char*, scheduler::kStages> kNames{
      "voiceActivitySeconds", "logMelSeconds", "encodeSeconds", "languageDetectionSeconds",
      "decodeSeconds",        "promptSeconds", "alignSeconds"};
  return kNames[static_cast<size_t>(stage)];
}

/// Whether all is decoded that a window is made of.
void check_is_known(const scheduler::EncodeTask& task) {
  auto& recording = *task.recording;
  if (recording.is_whole()) return;
  const bool is_known = task.loudest == whisper::Loudest::kOfWindow &&
                        recording.is_known_until(whisper::samples_for_window(task.start_frame));
  if (!is_known) throw Error("INTERNAL", "Expected a window that is decoded, got one that is not yet.");
}

}  // namespace

whisper::Loudest read_loudest(const Napi::Value& value) {
  const bool is_of_window = value.IsString() && read_string(value) == "of-window";
  return is_of_window ? whisper::Loudest::kOfWindow : whisper::Loudest::kOfRecording;
}

OpenSession::OpenSession(scheduler::SessionPointer held) : session(std::move(held)) {
  if (session->priority == scheduler::Priority::interactive) right_of_way_.emplace();
  engine_thread().post([priority = session->priority] { the_scheduler().open_session(priority); });
}

OpenSession::~OpenSession() {
  engine_thread().post([priority = session->priority] { the_scheduler().close_session(priority); });
}

void Session::define(Napi::Env env) {
  SharedObject::define(
      env, {getter<&Session::usage>("usage"), promiser<&Session::speech_from>("speechFrom"),
            promiser<&Session::hear_on>("hearOn"), promiser<&Session::encode>("encode"),
            promiser<&Session::detect_language>("detectLanguage"), promiser<&Session::decode>("decode"), promiser<&Session::beam_search>("beamSearch"),
            promiser<&Session::align>("align")});
}

Napi::Object Session::open_on(const Napi::Object& model, const Napi::Object& request) {
  auto session = std::make_shared<scheduler::Session>();
  session->model = Model::open(model);
  if (request.Get("voiceActivity").IsObject())
    session->voice_activity = VoiceActivity::open(request.Get("voiceActivity"));
  session->priority = read_priority(request.Get("priority"));
  session->cancellation = cancellation_of(request.Get("signal"));
  auto object = make(model.Env(), std::make_shared<OpenSession>(std::move(session)));
  for (const auto* name : {"dimensions", "alignmentHeads"}) object.Set(name, model.Get(name));
  return object;
}

Napi::Value Session::usage(const Napi::CallbackInfo& info) {
  const auto usage = held()->session->usage();
  auto object = make_numbers(info.Env(), {{"decodeHostSeconds", usage.decode_host_seconds},
                                          {"decodeDeviceSeconds", usage.decode_device_seconds},
                                          {"windows", static_cast<double>(usage.windows)},
                                          {"windowSeconds", usage.window_seconds},
                                          {"decoderSteps", static_cast<double>(usage.decoder_steps)},
                                          {"tokens", static_cast<double>(usage.tokens)},
                                          {"draftTokens", static_cast<double>(usage.draft_tokens)},
                                          {"acceptedDraftTokens", static_cast<double>(usage.accepted_draft_tokens)}});
  for (size_t stage = 0; stage < scheduler::kStages; ++stage) {
    object.Set(name_of(static_cast<scheduler::Stage>(stage)), usage.seconds[stage]);
  }
  return object;
}

/// speechFrom(audio, first)
Napi::Value Session::speech_from(const Napi::CallbackInfo& info) {
  const auto session = held()->session;
  const auto call = environment(info.Env()).js_thread->begin();
  const auto recording = Audio::open(info[0]);
  const auto first = static_cast<size_t>(std::max<int64_t>(0, info[1].ToNumber().Int64Value()));
  if (!session->voice_activity) {
    call.pending.resolve([](Napi::Env env) { return env.Null(); });
    return call.promise;
  }
  recording->when_heard(first, [call, session, recording, first] {
    if (const auto failure = recording->failure()) return call.pending.reject(*failure);
    if (first > 0 || recording->is_heard()) {
      return call.pending.resolve(
          [speech = recording->speech_from(first)](Napi::Env env) { return make_floats(env, speech); });
    }
    // Nobody has heard it while it was decoded: all of it is heard at once.
    schedule(call, scheduler::SpeechTask{.session = session, .recording = recording}, make_floats);
  });
  return call.promise;
}

/// hearOn(growing)
Napi::Value Session::hear_on(const Napi::CallbackInfo& info) {
  const auto session = held()->session;
  const auto growing = GrowingAudio::open(info[0]);
  if (!session->voice_activity) throw Error("INTERNAL", "Expected a session with voice activity, got one without.");
  auto [recording, known_samples] = growing->take_unheard();
  return schedule(environment(info.Env()).js_thread->begin(),
                  scheduler::SpeechTask{.session = session,
                                        .recording = std::move(recording),
                                        .known_samples = known_samples,
                                        .heard = growing->heard},
                  make_floats);
}

/// encode({ audio, startFrame, frameCount, windowFrames, loudest })
Napi::Value Session::encode(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  scheduler::EncodeTask task{.session = held()->session,
                             .recording = Audio::open(request.Get("audio")),
                             .start_frame = request.Get("startFrame").ToNumber().Int64Value(),
                             .frame_count = read_int(request.Get("frameCount")),
                             .window_frames =
                                 read_optional_int(request.Get("windowFrames")).value_or(whisper::kFramesPerWindow),
                             .loudest = read_loudest(request.Get("loudest"))};
  whisper::check_window(task.window_frames);
  check_is_known(task);
  return schedule(environment(info.Env()).js_thread->begin(), std::move(task), Encoding::make);
}

/// detectLanguage({ encoding, sot, languageTokens })
Napi::Value Session::detect_language(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  scheduler::LanguageTask task{.session = held()->session,
                               .encoding = Encoding::open(request.Get("encoding")),
                               .sot = read_int(request.Get("sot")),
                               .language_tokens = read_ints(request.Get("languageTokens"))};
  const auto& dimensions = task.session->model->dimensions();
  whisper::check_encoding(dimensions, *task.encoding);
  whisper::check_tokens(dimensions, {task.sot});
  whisper::check_tokens(dimensions, task.language_tokens);
  return schedule(environment(info.Env()).js_thread->begin(), std::move(task), make_floats);
}

/// decode(request): see `DecodeRequest` in native/session.ts.
Napi::Value Session::decode(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto session = held()->session;
  const auto& dimensions = session->model->dimensions();
  const auto prompt = read_prompt(request);
  const auto rules = read_rules(request);
  const auto samples = read_each(request.Get("samples"), read_sample);
  const auto draft = read_draft(request);
  whisper::check_text(dimensions, prompt, rules);
  whisper::check_tokens(dimensions, draft);
  for (const auto& sample : samples) whisper::check_sample(sample);
  if (samples.empty()) throw Error("INTERNAL", "Expected a sample or more, got none.");

  const auto call = environment(info.Env()).js_thread->begin(request.Get("onToken"));
  scheduler::TextTask task{.session = session};
  for (const auto& sample : samples) {
    const bool is_first = task.texts.empty();
    const auto on_token = [pending = call.pending, is_first](int token) {
      if (is_first) pending.emit([token](Napi::Env env) { return Napi::Number::New(env, token); });
    };
    const auto text = std::make_shared<whisper::SampledText>(prompt, rules, dimensions.text_context, sample, on_token);
    text->guess(draft);
    text->remember_guesses_in(session->guesses);
    task.texts.push_back(text);
  }
  return schedule(call, std::move(task),
                  [](Napi::Env env, const Texts& texts) { return make_each(env, texts, describe_sampled); });
}

/// beamSearch(request): see `BeamSearchRequest` in native/session.ts.
Napi::Value Session::beam_search(const Napi::CallbackInfo& info) {
  const auto request = info[0].As<Napi::Object>();
  const auto session = held()->session;
  const auto& dimensions = session->model->dimensions();
  const auto prompt = read_prompt(request);
  const auto rules = read_rules(request);
  const auto beams = read_beams(request);
  whisper::check_text(dimensions, prompt, rules);
  whisper::check_beams(beams);
  scheduler::TextTask task{.session = session};
  task.texts.push_back(std::make_shared<whisper::BeamText>(prompt, rules, dimensions.text_context, beams));
  return schedule(environment(info.Env()).js_thread->begin(), std::move(task),
                  [](Napi::Env env, const Texts& texts) { return describe_search(env, texts.front()); });
}

/// align(request): see `AlignRequest` in native/session.ts.
Napi::Value Session::align(const Napi::CallbackInfo& info) {
  scheduler::AlignTask task{.session = held()->session, .request = read_align_request(info[0].As<Napi::Object>())};
  whisper::check_alignment(task.session->model->dimensions(), task.request);
  return schedule(environment(info.Env()).js_thread->begin(), std::move(task), describe_alignment);
}

}  // namespace hearth::addon
