// Times the engine on a GPU and compares its tokens with those of another run.
//
//   hearth_gpu_bench time [--base] [--tiny] [--measured] [--save-memory] [--no-compile]
//   hearth_gpu_bench choices [--base | --large | --tiny] [--save-memory] [--no-compile]
//   hearth_gpu_bench parts [--base] [--tiny] [--measured] [--save-memory] [--no-compile]
//   hearth_gpu_bench drafts [--tiny] [--save-memory] [--no-compile]
//   hearth_gpu_bench tokens MODEL.safetensors CASES.safetensors [--float32] [--no-compile]
//
// `time` uses random weights of large-v3-turbo's shape (base's with --base), quantised to 4 bits in groups of 64.
// `choices` times every way in which the engine could compute a model of this shape, and says which it would choose and
// how long it takes to find out. `time --measured` computes as the engine chooses.
// `parts` tells where the time of a window and its text goes, and what operations a step hands to MLX.
// `drafts` times a model of large-v3's shape with guesses by one of turbo's, so many of which are right as it is told, in
// turn with none, and says where the time goes.
// --tiny takes shapes of two layers, to try the program.
// `tokens` decodes what bench/gpu/make-cases.ts wrote. Each prints one JSON object.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../src/whisper/compiled.h"
#include "../src/whisper/decode_batch.h"
#include "../src/whisper/measure_computation.h"
#include "../src/whisper/mlx_defaults.h"
#include "../src/whisper/model.h"
#include "../src/whisper/warm_up.h"
#include "bench_texts.h"
#include "mlx/device.h"
#include "mlx/io.h"
#include "mlx/memory.h"
#include "mlx/ops.h"
#include "mlx/random.h"
#include "mlx/transforms.h"
#include "random_model.h"
#include "time_choices.h"
#include "time_drafts.h"
#include "time_parts.h"

namespace mx = mlx::core;
using namespace hearth;
using namespace hearth::whisper;

namespace {

const ModelDimensions kTurbo{128, 1500, 1280, 20, 32, 51866, 448, 1280, 20, 4};
const ModelDimensions kLarge{128, 1500, 1280, 20, 32, 51866, 448, 1280, 20, 32};
const ModelDimensions kTiny{80, 1500, 128, 2, 2, 51865, 448, 128, 2, 2};
const ModelDimensions kTinyDraft{80, 1500, 128, 2, 2, 51865, 448, 128, 2, 1};
const ModelDimensions kBase{80, 1500, 512, 8, 6, 51865, 448, 512, 8, 6};
constexpr int kTokens = 100;

/// Of decode calls: what they took, and what of it the host worked and waited for the device.
struct DecodeMilliseconds {
  double wall, host, device;
};

DecodeMilliseconds median_decode_milliseconds(Model& model, const std::function<void()>& decode) {
  const auto in_milliseconds = [](std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
  };
  std::vector<double> wall, host, device;
  for (int round = 0; round < 9; ++round) {
    const auto before = model.decode_time;
    const double taken = milliseconds(decode);
    if (round < 2) continue;
    wall.push_back(taken);
    host.push_back(in_milliseconds(model.decode_time.host - before.host));
    device.push_back(in_milliseconds(model.decode_time.device - before.device));
  }
  return {median(wall), median(host), median(device)};
}

/// 12 rows as jobs bring them: their prompts are of three lengths, and they end one after the other.
void decode_shrinking_batch(Model& model, std::span<const EncodingPointer> encodings) {
  const auto texts = texts_of(model.dimensions(), encodings.first(12), 40, 3);
  DecodeBatch batch(model);
  for (const auto& text : texts) batch.add(text);
  while (!batch.is_empty()) {
    batch.step();
    for (size_t row = 1; row < texts.size(); ++row) {
      if (texts[row]->tokens().size() == 3 * row) batch.remove(*texts[row]);
    }
  }
}

/// How long a row that joins 11 others in the middle of their texts waits for its first token.
double joining_milliseconds(Model& model, std::span<const EncodingPointer> encodings) {
  std::vector<double> times;
  for (int round = 0; round < 7; ++round) {
    const auto texts = texts_of(model.dimensions(), encodings.first(12), 60);
    DecodeBatch batch(model);
    for (const auto& text : std::span(texts).first(11)) batch.add(text);
    for (int step = 0; step < 20; ++step) batch.step();
    const double taken = milliseconds([&] {
      batch.add(texts.back());
      while (texts.back()->tokens().empty()) batch.step();
    });
    if (round >= 2) times.push_back(taken);
  }
  return median(times);
}

int time_model(const ModelDimensions& dimensions, ModelSource source) {
  const Cancellation never;
  source = random_source(source, dimensions, "hearth-random");
  std::optional<Model> model;
  mx::clear_cache();
  mx::reset_peak_memory();
  const double load = milliseconds([&] { model.emplace(source); });
  if (source.measures) measure_computation(*model, 24, time_work, never);
  mx::clear_cache();
  const double warm_up_taken = milliseconds([&] {
    whisper::warm_up(
        *model, {.batch_size = 24, .filters = real_filters(dimensions), .end_of_text = 50257}, [](int, int) {}, never);
  });
  const size_t warm_peak = mx::get_peak_memory();
  mx::clear_cache();
  const Mel mel{mx::random::normal({3000, dimensions.mel_bins}, mx::float32), 3000};
  mx::eval(mel.frames);
  const auto encode = [&](int windows) {
    std::vector<EncodingPointer> encodings;
    for (auto& encoding : model->encode(std::vector<const Mel*>(windows, &mel), never)) {
      encodings.push_back(std::make_shared<Encoding>(std::move(encoding)));
    }
    return encodings;
  };
  std::printf("{\"shape\": \"%s\", \"load_ms\": %.0f, \"warm_up_ms\": %.0f, \"dense\": %s",
              dimensions.text_layers == 4 ? "turbo" : dimensions.text_layers == 2 ? "tiny" : "base", load, warm_up_taken,
              model->computation().dense_encoder ? "true" : "false");
  const auto print_memory = [&](const char* name, size_t bytes) { std::printf(", \"%s_bytes\": %zu", name, bytes); };
  const auto peak_of = [](const std::function<void()>& work) {
    mx::clear_cache();
    mx::reset_peak_memory();
    work();
    return mx::get_peak_memory();
  };
  print_memory("idle", mx::get_active_memory());
  print_memory("one_window_peak", peak_of([&] { decode_together(*model, texts_of(dimensions, encode(1), 40)); }));
  print_memory("24_rows_peak", peak_of([&] { decode_together(*model, texts_of(dimensions, encode(24), 40)); }));
  std::printf(", \"encode_1_ms\": %.3f", median_milliseconds(20, [&] { encode(1); }));
  std::printf(", \"encode_8_ms\": %.3f", median_milliseconds(10, [&] { encode(8); }));
  const auto encodings = encode(24);
  // What the warm-up has not met, the first of these has to build; with an empty cache of kernels that takes seconds.
  for (const char* time : {"first", "again"}) {
    std::printf(", \"shrinking_batch_%s_ms\": %.2f", time,
                milliseconds([&] { decode_shrinking_batch(*model, encodings); }));
  }
  double one_row = 0;
  for (const int rows : {1, 4, 8, 12, 24}) {
    const auto decode = [&](int tokens) {
      decode_together(*model, texts_of(dimensions, std::span(encodings).first(rows), tokens));
    };
    const auto few = median_decode_milliseconds(*model, [&] { decode(20); });
    const auto many = median_decode_milliseconds(*model, [&] { decode(20 + kTokens); });
    const double per_step = (many.wall - few.wall) / kTokens;
    if (rows == 1) one_row = per_step;
    std::printf(", \"step_%d_ms\": %.4f, \"tokens_per_second_%d\": %.0f, \"against_one_row_%d\": %.2f", rows, per_step,
                rows, rows * 1000 / per_step, rows, rows * one_row / per_step);
    std::printf(", \"host_%d_ms\": %.4f, \"device_%d_ms\": %.4f", rows, (many.host - few.host) / kTokens, rows,
                (many.device - few.device) / kTokens);
  }
  std::printf(", \"encode_and_40_tokens_ms\": %.2f", median_milliseconds(10, [&] {
                const auto one = encode(1);
                decode_together(*model, texts_of(dimensions, one, 40));
              }));
  std::printf(", \"joining_ms\": %.3f", joining_milliseconds(*model, encodings));
  std::printf(", \"peak_bytes\": %zu}\n", std::max(warm_peak, mx::get_peak_memory()));
  return 0;
}

std::vector<int> ints(const mx::array& values) { return {values.data<int>(), values.data<int>() + values.size()}; }

int compare_tokens(const std::string& cases_path, ModelSource source) {
  const Cancellation never;
  const auto [cases, metadata] = mx::load_safetensors(cases_path, mx::Device::cpu);
  for (const auto& [name, values] : cases) mx::eval(values);
  source.dimensions = kBase;
  source.operations = OperationsChoice::mlx;
  Model model(source);
  int equal = 0, count = 0;
  double furthest = 0;
  for (; cases.contains("samples." + std::to_string(count)); ++count) {
    const auto at = [&](const std::string& name) { return cases.at(name + "." + std::to_string(count)); };
    audio::Audio audio;
    const auto samples = at("samples");
    for (const int sample : ints(samples)) audio.samples.push_back(static_cast<int16_t>(sample));
    audio::Recording recording(std::move(audio));
    const int frames = std::min<int>(3000, static_cast<int>(samples.size()) / 160);
    const auto mel = model.log_mel(recording, 0, frames, 3000, hearth::whisper::Loudest::kOfWindow);
    const auto encoding = std::make_shared<Encoding>(model.encode({&mel}, never).front());
    const int begin = kBase.vocabulary_size - 1501;
    const auto text = greedy_text(
        kBase, {.encoding = encoding, .tokens = ints(at("prompt")), .sot_index = 0},
        {.filters = {ints(at("suppress_at_begin")), ints(at("suppress")), TimestampRules{begin, begin - 1, 50257, 50}},
         .end_of_text = 50257,
         .no_speech = std::nullopt,
         .max_tokens = 224});
    decode_together(model, {text});
    const bool same = text->tokens() == ints(at("tokens"));
    equal += same;
    if (same) {
      furthest = std::max(furthest, std::abs(text->sum_logprob() - at("sum_logprob").data<float>()[0]) /
                                        static_cast<double>(text->tokens().size() + 1));
    }
  }
  std::printf("{\"equal\": %d, \"of\": %d, \"float32\": %s, \"avg_logprob_within\": %.2e}\n", equal, count,
              source.float32 ? "true" : "false", furthest);
  return 0;
}

}  // namespace

int main(int count, char** values) {
  set_mlx_defaults();
  const std::vector<std::string> arguments(values + 1, values + count);
  const auto has = [&](const char* flag) { return std::ranges::find(arguments, flag) != arguments.end(); };
  ModelSource source;
  set_compilation(mx::default_device() == mx::Device::gpu && !has("--no-compile"));
  source.save_memory = has("--save-memory");
  source.float32 = has("--float32");
  source.measures = has("--measured");
  const auto& shape = has("--base") ? kBase : has("--large") ? kLarge : has("--tiny") ? kTiny : kTurbo;
  if (arguments.size() >= 1 && arguments[0] == "time") return time_model(shape, source);
  if (arguments.size() >= 1 && arguments[0] == "parts") return time_parts(shape, source);
  if (arguments.size() >= 1 && arguments[0] == "choices") return time_choices(shape, source, has("--tiny"));
  if (arguments.size() >= 1 && arguments[0] == "drafts") {
    return has("--tiny") ? time_drafts(kTiny, kTinyDraft, source) : time_drafts(kLarge, kTurbo, source);
  }
  if (arguments.size() >= 3 && arguments[0] == "tokens") {
    source.weights_path = arguments[1];
    return compare_tokens(arguments[2], source);
  }
  std::cerr << "Expected `time`, `parts`, `choices`, `drafts` or `tokens MODEL CASES`; see the head of native/bench/gpu_bench.cc.\n";
  return 2;
}
