// Times the engine on a GPU and compares its tokens with those of another run.
//
//   hearth_gpu_bench time [--base] [--save-memory] [--no-compile]
//   hearth_gpu_bench tokens MODEL.safetensors CASES.safetensors [--float32] [--no-compile]
//
// `time` uses random weights of large-v3-turbo's shape (base's with --base), quantised to 4 bits in groups of 64.
// `tokens` decodes what bench/gpu/make-cases.ts wrote. Both print one JSON object.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "../src/whisper/compiled.h"
#include "../src/whisper/decode_batch.h"
#include "../src/whisper/mlx_defaults.h"
#include "../src/whisper/model.h"
#include "../src/whisper/warm_up.h"
#include "mlx/device.h"
#include "mlx/io.h"
#include "mlx/memory.h"
#include "mlx/ops.h"
#include "mlx/random.h"
#include "mlx/transforms.h"

namespace mx = mlx::core;
using namespace hearth;
using namespace hearth::whisper;

namespace {

const ModelDimensions kTurbo{128, 1500, 1280, 20, 32, 51866, 448, 1280, 20, 4};
const ModelDimensions kBase{80, 1500, 512, 8, 6, 51865, 448, 512, 8, 6};
constexpr int kGroupSize = 64;
constexpr int kTokens = 100;

using Tensors = std::unordered_map<std::string, mx::array>;

mx::array random_values(const mx::Shape& shape) { return mx::random::normal(shape, mx::float32) * mx::array(0.02f); }

void add_linear(Tensors& tensors, const std::string& name, int outputs, int inputs, bool bias) {
  const auto parts = mx::quantize(random_values({outputs, inputs}), kGroupSize, 4);
  tensors.insert_or_assign(name + ".weight", parts[0]);
  tensors.insert_or_assign(name + ".scales", mx::astype(parts[1], mx::float16));
  tensors.insert_or_assign(name + ".biases", mx::astype(parts[2], mx::float16));
  if (bias) tensors.insert_or_assign(name + ".bias", mx::astype(random_values({outputs}), mx::float16));
}

void add_vector(Tensors& tensors, const std::string& name, mx::array values) {
  tensors.insert_or_assign(name, mx::astype(std::move(values), mx::float16));
}

void add_norm(Tensors& tensors, const std::string& name, int state) {
  add_vector(tensors, name + ".weight", mx::ones({state}));
  add_vector(tensors, name + ".bias", mx::zeros({state}));
}

void add_attention(Tensors& tensors, const std::string& name, int state) {
  add_linear(tensors, name + ".query", state, state, true);
  add_linear(tensors, name + ".key", state, state, false);
  add_linear(tensors, name + ".value", state, state, true);
  add_linear(tensors, name + ".out", state, state, true);
}

void add_block(Tensors& tensors, const std::string& block, int state, bool cross) {
  add_norm(tensors, block + "attn_ln", state);
  add_attention(tensors, block + "attn", state);
  if (cross) {
    add_norm(tensors, block + "cross_attn_ln", state);
    add_attention(tensors, block + "cross_attn", state);
  }
  add_norm(tensors, block + "mlp_ln", state);
  add_linear(tensors, block + "mlp1", 4 * state, state, true);
  add_linear(tensors, block + "mlp2", state, 4 * state, true);
}

/// A model file of this shape; the weights only have to take as long as real ones.
std::string write_random_model(const ModelDimensions& dimensions) {
  Tensors tensors;
  const int state = dimensions.audio_state;
  add_vector(tensors, "encoder.conv1.weight", random_values({state, 3, dimensions.mel_bins}));
  add_vector(tensors, "encoder.conv1.bias", random_values({state}));
  add_vector(tensors, "encoder.conv2.weight", random_values({state, 3, state}));
  add_vector(tensors, "encoder.conv2.bias", random_values({state}));
  for (int i = 0; i < dimensions.audio_layers; ++i) {
    add_block(tensors, "encoder.blocks." + std::to_string(i) + ".", state, false);
  }
  add_norm(tensors, "encoder.ln_post", state);
  add_linear(tensors, "decoder.token_embedding", dimensions.vocabulary_size, state, false);
  add_vector(tensors, "decoder.positional_embedding", random_values({dimensions.text_context, state}));
  for (int i = 0; i < dimensions.text_layers; ++i) {
    add_block(tensors, "decoder.blocks." + std::to_string(i) + ".", state, true);
  }
  add_norm(tensors, "decoder.ln", state);
  const auto path = (std::filesystem::temp_directory_path() / "hearth-random.safetensors").string();
  mx::save_safetensors(path, tensors);
  return path;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

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

double median_milliseconds(int rounds, const std::function<void()>& work) {
  std::vector<double> times;
  for (int round = 0; round < rounds + 2; ++round) {
    const double time = milliseconds(work);
    if (round >= 2) times.push_back(time);
  }
  return median(times);
}

LogitFilters real_filters(const ModelDimensions& dimensions) {
  const int end_of_text = 50257;
  const int begin = dimensions.vocabulary_size - 1501;
  // A random model would end at once or never; it has to write on.
  return {{end_of_text}, {end_of_text}, TimestampRules{begin, begin - 1, end_of_text, 50}};
}

using Texts = std::vector<std::shared_ptr<SampledText>>;

std::shared_ptr<SampledText> greedy_text(const ModelDimensions& dimensions, Prompt prompt, DecodingRules rules) {
  return std::make_shared<SampledText>(std::move(prompt), std::move(rules), dimensions.text_context, SampleSettings{},
                                       [](int) {});
}

/// A text of each window.
Texts texts_of(const ModelDimensions& dimensions, std::span<const EncodingPointer> encodings, int tokens,
               int longer_prompts = 0) {
  Texts texts;
  for (const auto& encoding : encodings) {
    Prompt prompt{.encoding = encoding, .tokens = {50258, 50259, 50359}, .sot_index = 0};
    prompt.tokens.insert(prompt.tokens.begin(), 4 * (longer_prompts == 0 ? 0 : texts.size() % longer_prompts), 400);
    texts.push_back(greedy_text(dimensions, std::move(prompt),
                                {.filters = real_filters(dimensions),
                                 .end_of_text = 50257,
                                 .no_speech = dimensions.vocabulary_size - 1503,
                                 .max_tokens = tokens}));
  }
  return texts;
}

void decode_together(Model& model, const Texts& texts) {
  DecodeBatch batch(model);
  for (const auto& text : texts) batch.add(text);
  while (!batch.is_empty()) batch.step();
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
  source.weights_path = write_random_model(dimensions);
  source.dimensions = dimensions;
  source.group_size = kGroupSize;
  source.operations = OperationsChoice::mlx;
  std::optional<Model> model;
  mx::clear_cache();
  mx::reset_peak_memory();
  const double load = milliseconds([&] { model.emplace(source); });
  mx::clear_cache();
  const double warm_up_taken = milliseconds([&] {
    whisper::warm_up(
        *model, {.batch_size = 24, .filters = real_filters(dimensions), .end_of_text = 50257}, [](int, int) {}, never);
  });
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
              dimensions.text_layers == 4 ? "turbo" : "base", load, warm_up_taken,
              model->dense_encoder() ? "true" : "false");
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
  std::printf(", \"active_bytes\": %zu, \"peak_bytes\": %zu}\n", mx::get_active_memory(), mx::get_peak_memory());
  return 0;
}

std::vector<int> ints(const mx::array& values) { return {values.data<int>(), values.data<int>() + values.size()}; }

int compare_tokens(const std::string& cases_path, ModelSource source) {
  const Cancellation never;
  const auto [cases, metadata] = mx::load_safetensors(cases_path, mx::Device::cpu);
  for (const auto& [name, values] : cases) mx::eval(values);
  source.dimensions = kBase;
  source.group_size = kGroupSize;
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
    const auto mel = model.log_mel(recording, 0, frames, 3000);
    const auto encoding = std::make_shared<Encoding>(model.encode({&mel}, never).front());
    const int begin = kBase.vocabulary_size - 1501;
    const auto text =
        greedy_text(kBase, {.encoding = encoding, .tokens = ints(at("prompt")), .sot_index = 0},
                    {.filters = {ints(at("suppress_at_begin")), ints(at("suppress")),
                                 TimestampRules{begin, begin - 1, 50257, 50}},
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
  if (arguments.size() >= 1 && arguments[0] == "time") return time_model(has("--base") ? kBase : kTurbo, source);
  if (arguments.size() >= 3 && arguments[0] == "tokens") {
    source.weights_path = arguments[1];
    return compare_tokens(arguments[2], source);
  }
  std::cerr << "Expected `time` or `tokens MODEL CASES`; see the head of native/bench/gpu_bench.cc.\n";
  return 2;
}
