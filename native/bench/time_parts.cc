#include "time_parts.h"

#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "../src/whisper/decode_batch.h"
#include "../src/whisper/device_chooser.h"
#include "../src/whisper/measure_computation.h"
#include "../src/whisper/warm_up.h"
#include "bench_texts.h"
#include "mlx/ops.h"
#include "mlx/primitives.h"
#include "mlx/random.h"
#include "mlx/transforms.h"
#include "random_model.h"

namespace mx = mlx::core;

namespace hearth {
namespace {

using namespace whisper;

constexpr int kRounds = 11;
constexpr int kVainRounds = 3;

/// Medians of several parts of something that is done again and again.
class Parts {
 public:
  void add(const std::string& name, double milliseconds) { times_[name].push_back(milliseconds); }

  void print(const char* of) const {
    std::printf(", \"%s\": {", of);
    const char* separator = "";
    for (const auto& [name, times] : times_) {
      std::printf("%s\"%s_ms\": %.3f", separator, name.c_str(),
                  median({times.begin() + std::min<int64_t>(kVainRounds, std::ssize(times) - 1), times.end()}));
      separator = ", ";
    }
    std::printf("}");
  }

 private:
  std::map<std::string, std::vector<double>> times_;
};

std::vector<EncodingPointer> encode(Model& model, const Mel& mel, int windows) {
  std::vector<EncodingPointer> encodings;
  for (auto& encoding : model.encode(std::vector<const Mel*>(windows, &mel), {})) {
    encodings.push_back(std::make_shared<Encoding>(std::move(encoding)));
  }
  return encodings;
}

/// From the window to the end of its text of 40 tokens.
void print_window_parts(Model& model, const Mel& mel, const char* name) {
  Parts parts;
  for (int round = 0; round < kRounds + kVainRounds; ++round) {
    double steps = 0;
    const double all = milliseconds([&] {
      std::vector<EncodingPointer> encodings;
      parts.add("1_encode", milliseconds([&] { encodings = encode(model, mel, 1); }));
      const auto texts = texts_of(model.dimensions(), encodings, 40);
      std::optional<DecodeBatch> batch(model);
      batch->add(texts.front());
      parts.add("2_prompt_and_first_token", milliseconds([&] { batch->step(); }));
      parts.add("3_start_of_step", milliseconds([&] { batch->step(); }));
      parts.add("4_step", milliseconds([&] { batch->step(); }));
      parts.add("5_step", milliseconds([&] { batch->step(); }));
      steps = milliseconds([&] {
        for (int step = 0; step < 30; ++step) batch->step();
      });
      parts.add("6_of_30_steps", steps / 30);
      parts.add("7_rest", milliseconds([&] {
                  while (!batch->is_empty()) batch->step();
                }));
      parts.add("8_release", milliseconds([&] {
                  batch.reset();
                  encodings.clear();
                }));
    });
    parts.add("all", all);
  }
  parts.print(name);
}

/// Prompts, of which the warm-up has not seen these lengths.
void print_prompts(Model& model, std::span<const EncodingPointer> encodings) {
  std::printf(", \"prompts\": {");
  const char* separator = "";
  for (const int rows : {1, 12}) {
    for (const int length : {3, 11, 37, 111, 223}) {
      Texts texts;
      const auto read = [&] {
        texts = texts_of(model.dimensions(), encodings.first(rows), 40);
        DecodeBatch batch(model);
        for (const auto& text : texts) {
          auto prompt = text->prompt();
          prompt.tokens.insert(prompt.tokens.begin(), length - 3, 400);
          batch.add(greedy_text(model.dimensions(), std::move(prompt), text->rules()));
        }
        batch.step();
      };
      const double first = milliseconds(read);
      std::vector<double> again;
      for (int round = 0; round < 5; ++round) again.push_back(milliseconds(read));
      std::printf("%s\"%d_rows_of_%d_first_ms\": %.2f, \"%d_rows_of_%d_again_ms\": %.2f", separator, rows, length, first,
                  rows, length, median(again));
      std::fflush(stdout);
      separator = ", ";
    }
  }
  std::printf("}");
}

/// The operations of a graph, by name, that are not computed yet.
std::map<std::string, int> operations_of(const std::vector<mx::array>& outputs) {
  std::map<std::string, int> counts;
  std::set<std::uintptr_t> seen;
  std::vector<mx::array> waiting = outputs;
  while (!waiting.empty()) {
    const auto each = waiting.back();
    waiting.pop_back();
    if (each.status() != mx::array::Status::unscheduled || !each.has_primitive()) continue;
    if (!seen.insert(each.id()).second) continue;
    for (const auto& sibling : each.siblings()) seen.insert(sibling.id());
    const std::string name = each.primitive().name();
    ++counts[name.starts_with("Compiled") ? "Compiled" : name];
    for (const auto& input : each.inputs()) waiting.push_back(input);
  }
  return counts;
}

/// What steps of so many rows hand to MLX, and how long that takes.
void print_steps(Model& model, std::span<const EncodingPointer> encodings) {
  const int count = static_cast<int>(encodings.size());
  const auto texts = texts_of(model.dimensions(), encodings, 200);
  const auto state = model.decoder().state();
  model.decoder().add_rows(*state, encodings, 1);
  DeviceChooser chooser(model);
  auto sampled = chooser.rows_after(texts, std::vector<std::vector<int>>(count, {400}));
  std::optional<mx::array> unread;
  std::map<std::string, int> operations;
  Parts parts;
  for (int step = 0; step < 100; ++step) {
    std::optional<TokenChooser::Choice> choice;
    parts.add("1_build_decoder", milliseconds([&] {
                const auto hidden = model.decoder().forward(
                    *state, {.tokens = sampled.token, .positions = std::vector<int>(count, step)});
                const auto logits = model.decoder().raw_logits(mx::reshape(hidden, {count, hidden.shape(-1)}));
                choice = chooser.choose(logits, texts, sampled, std::vector<int>(count, step + 1));
              }));
    if (step == 50) operations = operations_of({choice->rows.token, choice->logprob});
    parts.add("2_hand_over", milliseconds([&] { mx::async_eval(choice->rows.token, choice->logprob); }));
    sampled = choice->rows;
    if (unread) {
      parts.add("3_wait", milliseconds([&] { mx::eval(*unread); }));
      parts.add("4_read", milliseconds([&] { unread->data<int>(); }));
    }
    unread = choice->rows.token;
  }
  mx::eval(sampled.token);
  parts.print(("steps_of_" + std::to_string(count) + "_rows").c_str());
  int all = 0;
  std::printf(", \"operations_of_%d_rows\": {", count);
  for (const auto& [name, times] : operations) {
    std::printf("\"%s\": %d, ", name.c_str(), times);
    all += times;
  }
  std::printf("\"all\": %d}", all);
}

}  // namespace

int time_parts(const ModelDimensions& dimensions, ModelSource source) {
  const Cancellation never;
  source = random_source(source, dimensions, "hearth-random");
  Model model(source);
  if (source.measures) measure_computation(model, 24, time_work, never);
  warm_up(model, {.batch_size = 12, .filters = real_filters(dimensions), .end_of_text = 50257}, [](int, int) {}, never);
  const Mel mel{mx::random::normal({3000, dimensions.mel_bins}, mx::float32), 3000};
  mx::eval(mel.frames);
  std::printf("{\"layers\": [%d, %d], \"state\": %d", dimensions.audio_layers, dimensions.text_layers,
              dimensions.audio_state);
  print_window_parts(model, mel, "window_and_40_tokens");
  const auto encodings = encode(model, mel, 12);
  for (const int rows : {1, 4, 12}) print_steps(model, std::span(encodings).first(rows));
  print_prompts(model, encodings);
  print_window_parts(model, mel, "window_and_40_tokens_again");
  std::printf("}\n");
  return 0;
}

}  // namespace hearth
