#include "model.h"

#include <algorithm>
#include <variant>

#include "../loading.h"
#include "../scheduler/capacity.h"
#include "../whisper/check_inputs.h"
#include "../whisper/measure_computation.h"
#include "../whisper/warm_up.h"
#include "abort_signal.h"
#include "arguments.h"
#include "computation.h"
#include "mlx/device.h"
#include "mlx/memory.h"
#include "process.h"
#include "read_dimensions.h"
#include "session.h"
#include "text_requests.h"

namespace mx = mlx::core;

namespace hearth::addon {
namespace {

whisper::OperationsChoice read_operations(const std::string& name) {
  if (name == "cpu") return whisper::OperationsChoice::cpu;
  return name == "mlx" ? whisper::OperationsChoice::mlx : whisper::OperationsChoice::automatic;
}

whisper::ModelSource read_source(const Napi::Object& request) {
  return {.weights_path = read_string(request.Get("weightsPath")),
          .other_weights_paths = read_strings(request.Get("otherWeightsPaths")),
          .dimensions = read_dimensions(request.Get("dimensions").As<Napi::Object>()),
          .operations = read_operations(read_string(request.Get("operations"))),
          .float32 = request.Get("float32").ToBoolean(),
          .arithmetic =
              read_string(request.Get("arithmetic")) == "int8" ? whisper::Arithmetic::int8 : whisper::Arithmetic::exact,
          .save_memory = request.Get("saveMemory").ToBoolean(),
          .computation = read_computation(request.Get("computation")),
          .measures = request.Get("measures").ToBoolean()};
}

struct DraftSource {
  whisper::ModelSource source;
  double cost;
  bool is_cost_fixed;
};

/// Computes as the large model does.
std::optional<DraftSource> read_draft_source(const Napi::Object& request, const whisper::ModelSource& large) {
  if (!request.Get("draft").IsObject()) return std::nullopt;
  const auto draft = request.Get("draft").As<Napi::Object>();
  auto source = large;
  source.weights_path = read_string(draft.Get("weightsPath"));
  source.other_weights_paths = read_strings(draft.Get("otherWeightsPaths"));
  source.dimensions = read_dimensions(draft.Get("dimensions").As<Napi::Object>());
  source.computation = read_computation(draft.Get("computation"));
  source.measures = draft.Get("measures").ToBoolean();
  return DraftSource{std::move(source), draft.Get("cost").ToNumber().DoubleValue(),
                     draft.Get("isCostFixed").ToBoolean()};
}

struct LoadedModel {
  std::shared_ptr<whisper::Model> model;
  std::vector<whisper::TimedTrial> trials;
};

constexpr int kMostRowsTried = 24;

LoadedModel load_weights(const whisper::ModelSource& source, const whisper::TrialClock& clock) {
  LoadedModel loaded{loading(source.weights_path, [&] { return std::make_shared<whisper::Model>(source); }), {}};
  if (!source.measures) return loaded;
  const Cancellation never;
  const int rows = std::min(kMostRowsTried, scheduler::windows_that_fit(*loaded.model));
  loaded.trials = whisper::measure_computation(*loaded.model, rows, clock, never).trials;
  return loaded;
}

/// Asks Metal (macOS 15 and newer) to keep what is loaded in memory, so that the first request after a pause does not
/// wait for it.
void keep_resident() {
  if (mx::default_device() != mx::Device::gpu) return;
  const auto& info = mx::device_info(mx::Device::gpu);
  const auto most = info.find("max_recommended_working_set_size");
  if (most == info.end() || !std::holds_alternative<size_t>(most->second)) return;
  mx::set_wired_limit(std::min(mx::get_active_memory(), std::get<size_t>(most->second) / 2));
}

Napi::Value make_head(Napi::Env env, const std::pair<int, int>& head) {
  auto pair = Napi::Array::New(env, 2);
  pair.Set(0U, head.first);
  pair.Set(1U, head.second);
  return pair;
}

Napi::Object describe_computation(Napi::Env env, Napi::Object object, const LoadedModel& loaded) {
  object.Set("weightBytes", static_cast<double>(loaded.model->weight_bytes()));
  object.Set("computation", make_computation(env, loaded.model->computation()));
  object.Set("mayBeDense", loaded.model->room().may_be_dense);
  object.Set("trials", make_each(env, loaded.trials, make_trial));
  return object;
}

Napi::Object describe_model(Napi::Env env, const LoadedModel& loaded, const std::optional<LoadedModel>& draft) {
  const auto& model = loaded.model;
  auto object = Model::make(env, model);
  object.Set("operations", model->operations_name());
  describe_computation(env, object, loaded);
  object.Set("arithmetic", model->arithmetic() == whisper::Arithmetic::int8 ? "int8" : "exact");
  object.Set("device", mx::default_device() == mx::Device::gpu ? "gpu" : "cpu");
  object.Set("draft", draft ? Napi::Value(describe_computation(env, Napi::Object::New(env), *draft)) : env.Null());
  object.Set("windowCapacity", scheduler::windows_that_fit(*model));
  object.Set("alignmentHeads", make_each(env, model->alignment_heads(), make_head));
  return object;
}

}  // namespace

void Model::define(Napi::Env env) {
  SharedObject::define(env, {getter<&Model::counters>("counters"), thrower<&Model::session>("session"),
                             promiser<&Model::warm_up>("warmUp")});
}

Napi::Value Model::load(const Napi::CallbackInfo& info) {
  const auto source = read_source(info[0].As<Napi::Object>());
  const auto draft = read_draft_source(info[0].As<Napi::Object>(), source);
  const auto clock = read_trial_clock(info[0].As<Napi::Object>().Get("trials"));
  return environment(info.Env()).js_thread->run(engine_thread(), [source, draft, clock]() -> ToValue {
    const auto loaded = load_weights(source, clock);
    std::optional<LoadedModel> smaller;
    if (draft) {
      smaller = load_weights(draft->source, clock);
      loaded.model->draft_with(smaller->model, draft->cost, draft->is_cost_fixed);
    }
    release_unused_memory();
    keep_resident();
    return [loaded, smaller](Napi::Env env) { return describe_model(env, loaded, smaller); };
  });
}

Napi::Value Model::counters(const Napi::CallbackInfo& info) {
  const auto model = held();
  const auto* smaller = model->smaller() ? model->smaller()->model.get() : nullptr;
  const int64_t draft_windows = smaller ? smaller->encoded_windows : 0, draft_steps = smaller ? smaller->decoder_steps : 0;
  return make_numbers(info.Env(), {{"encodedWindows", static_cast<double>(model->encoded_windows)},
                                   {"decoderSteps", static_cast<double>(model->decoder_steps)},
                                   {"draftWindows", static_cast<double>(draft_windows)},
                                   {"draftSteps", static_cast<double>(draft_steps)}});
}

/// session({ priority, signal, voiceActivity })
Napi::Value Model::session(const Napi::CallbackInfo& info) {
  return Session::open_on(info.This().As<Napi::Object>(), info[0].As<Napi::Object>());
}

/// warmUp({ batchSize, filters, endOfText, shortWindows, signal, onProgress })
Napi::Value Model::warm_up(const Napi::CallbackInfo& info) {
  const auto object = info[0].As<Napi::Object>();
  const auto short_windows = object.Get("shortWindows");
  const whisper::WarmUpRequest request{.batch_size = read_int(object.Get("batchSize")),
                                       .filters = read_filters(object.Get("filters")),
                                       .end_of_text = read_int(object.Get("endOfText")),
                                       .short_windows = short_windows.IsArray() ? read_ints(short_windows) : std::vector<int>{}};
  for (const int frames : request.short_windows) whisper::check_window(frames);
  return environment(info.Env())
      .js_thread->run(
          engine_thread(), object.Get("onProgress"),
          [model = held(), request,
           cancellation = cancellation_of(object.Get("signal"))](const JsThread::Pending& call) -> ToValue {
            const auto on_progress = [&](int done, int total) {
              call.emit([done, total](Napi::Env env) { return make_numbers(env, {{"done", done}, {"total", total}}); });
            };
            whisper::warm_up(*model, request, on_progress, *cancellation);
            return [](Napi::Env env) { return env.Undefined(); };
          });
}

}  // namespace hearth::addon
