#include "time_choices.h"

#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include "../src/whisper/measure_computation.h"
#include "../src/whisper/stopwatch.h"
#include "mlx/memory.h"
#include "random_model.h"

namespace mx = mlx::core;

namespace hearth {
namespace {

using namespace whisper;

constexpr int kMostRows = 24;

double time_once(const Trial&, const std::function<void()>& work) {
  const Stopwatch watch;
  work();
  return watch.seconds();
}

const char* text_of(bool value) { return value ? "true" : "false"; }

void print_computation(const char* name, const Computation& computation) {
  const auto& [dense_encoder, rows, encoder_batch, log_mel_on_device] = computation;
  std::printf(", \"%s\": {\"dense_encoder\": %s, \"rows_read_quantized\": %d", name, text_of(dense_encoder),
              rows == kAllRows ? -1 : rows);
  std::printf(", \"encoder_batch\": %d, \"log_mel_on_device\": %s}", encoder_batch, text_of(log_mel_on_device));
}

void print_all_trials(Model& model, const TrialClock& clock, bool only_tries) {
  using Part = Trial::Part;
  using Way = Trial::Way;
  const Cancellation never;
  const auto time = trials_of(model, clock, never);
  const char* separator = "";
  const auto print = [&](const std::string& name, const Trial& trial) {
    const auto seconds = time(trial);
    std::printf("%s\"%s_%d\": %.3f", separator, name.c_str(), trial.count, seconds ? *seconds * 1e3 : -1.0);
    std::fflush(stdout);
    separator = ", ";
  };
  std::printf(", \"trials_ms\": {");
  for (const auto& [name, way] : {std::pair{"dense", Way::dense}, std::pair{"quantized", Way::quantized}}) {
    for (const int count : {1, 2, 4, 8}) {
      if (!only_tries || count == 1) print(std::string("encoder_") + name, {Part::encoder, way, count});
    }
    for (const int count : {1, 2, 4, 7, 8, 12, kMostRows}) {
      print(std::string("decoder_") + name, {Part::decoder, way, count});
    }
  }
  print("log_mel_cpu", {Part::log_mel, Way::cpu, 1});
  print("log_mel_device", {Part::log_mel, Way::device, 1});
  std::printf("}");
}

}  // namespace

int time_choices(const ModelDimensions& dimensions, ModelSource source, bool only_tries) {
  const Cancellation never;
  const TrialClock clock = only_tries ? time_once : time_work;
  source = random_source(source, dimensions, "hearth-random");
  source.measures = true;
  std::printf("{\"layers\": [%d, %d], \"state\": %d", dimensions.audio_layers, dimensions.text_layers,
              dimensions.audio_state);
  std::optional<Model> model;
  for (const char* name : {"first", "again"}) {
    model.reset();
    mx::clear_cache();
    model.emplace(source);
    mx::clear_cache();
    std::printf(", \"both_forms_%s_bytes\": %zu", name, mx::get_active_memory());
    mx::reset_peak_memory();
    const Stopwatch watch;
    const auto chosen = measure_computation(*model, kMostRows, clock, never);
    std::printf(", \"measuring_%s_ms\": %.0f", name, watch.seconds() * 1e3);
    mx::clear_cache();
    std::printf(", \"peak_%s_bytes\": %zu, \"chosen_%s_bytes\": %zu", name, mx::get_peak_memory(), name,
                mx::get_active_memory());
    print_computation(name, chosen.computation);
    std::fflush(stdout);
  }
  model.reset();
  model.emplace(source);
  print_all_trials(*model, clock, only_tries);
  std::printf("}\n");
  return 0;
}

}  // namespace hearth
