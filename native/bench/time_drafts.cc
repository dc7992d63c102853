#include "time_drafts.h"

#include <cstdio>
#include <memory>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "../src/whisper/decode_batch.h"
#include "../src/whisper/draft_length.h"
#include "../src/whisper/stopwatch.h"
#include "../src/whisper/warm_up.h"
#include "bench_texts.h"
#include "mlx/ops.h"
#include "mlx/random.h"
#include "mlx/transforms.h"
#include "random_model.h"

namespace mx = mlx::core;

namespace hearth {
namespace {

using namespace whisper;

constexpr int kTokens = 100;
constexpr int kWarmTimes = 2;
constexpr int kTimes = 7;

/// As native/draft-model.ts estimates it, for two models quantised alike.
double guess_cost(const ModelDimensions& draft, const ModelDimensions& large) {
  const auto weights = [](const ModelDimensions& each) {
    return (16.0 * each.text_layers * each.text_state + each.vocabulary_size) * each.text_state;
  };
  return weights(draft) / weights(large);
}

/// Of a text behind its first token, in milliseconds.
struct DraftedDecode {
  double all = 0;
  double guessing = 0;  ///< of rounds: what was under way, and the smaller model, which hears the window before its first
  double reading = 0;   ///< of rounds: the large model
  double plain = 0;
  int rounds = 0, plain_runs = 0;
  int64_t heard = 0;  ///< windows, by the smaller model
  DraftCount guesses{};
};

/// What `step` took counts as a round's or as a plain run's.
void time_step(DecodeBatch& batch, Model::Smaller& smaller, DraftedDecode& decode) {
  const auto guesses = smaller.in_place_of_guesses;
  double until_guessed = 0;
  const Stopwatch watch;
  smaller.in_place_of_guesses = [&](const SampledText& text, int count) {
    until_guessed = 1000 * watch.seconds();
    return guesses(text, count);
  };
  batch.step();
  const double taken = 1000 * watch.seconds();
  smaller.in_place_of_guesses = guesses;
  decode.all += taken;
  if (until_guessed == 0) {
    ++decode.plain_runs;
    decode.plain += taken;
    return;
  }
  ++decode.rounds;
  decode.guessing += until_guessed;
  decode.reading += taken - until_guessed;
}

/// One row whose guesses take as long as real ones, and are replaced by ones of which `share` are right.
DraftedDecode decode_with_guesses(Model& large, const EncodingPointer& encoding, const std::vector<int>& answer,
                                  double share, std::mt19937& random, const std::shared_ptr<GuessRecord>& record) {
  const auto text = texts_of(large.dimensions(), std::span(&encoding, 1), static_cast<int>(answer.size())).front();
  text->remember_guesses_in(record);
  large.smaller()->in_place_of_guesses = [&](const SampledText& said, int count) {
    std::vector<int> guesses(count, 0);
    for (size_t i = 0; i < guesses.size(); ++i) {
      const size_t at = said.tokens().size() + i;
      const bool is_right = random() < share * static_cast<double>(std::mt19937::max());
      if (is_right && at < answer.size()) guesses[i] = answer[at];
    }
    return guesses;
  };
  DecodeBatch batch(large);
  batch.add(text);
  batch.step();
  DraftedDecode decode;
  const auto heard_before = large.smaller()->model->encoded_windows;
  while (!batch.is_empty()) time_step(batch, *large.smaller(), decode);
  decode.guesses = text->draft_count();
  decode.heard = large.smaller()->model->encoded_windows - heard_before;
  return decode;
}

double decode_alone(Model& large, const EncodingPointer& encoding) {
  const auto texts = texts_of(large.dimensions(), std::span(&encoding, 1), kTokens);
  DecodeBatch batch(large);
  batch.add(texts.front());
  batch.step();
  return milliseconds([&] {
    while (!batch.is_empty()) batch.step();
  });
}

void print_costs(const DraftCosts& costs) {
  std::printf("\"round_runs\": [");
  for (int guesses = 1; guesses <= DraftLength::kMost; ++guesses) {
    std::printf("%s%.2f", guesses > 1 ? ", " : "", costs.runs(guesses));
  }
  std::printf("]");
}

template <typename Get>
double median_of(const std::vector<DraftedDecode>& decodes, const Get& get) {
  std::vector<double> values;
  for (const auto& each : decodes) values.push_back(static_cast<double>(get(each)));
  return median(values);
}

void print_decodes(const char* name, const std::vector<DraftedDecode>& decodes, double alone) {
  const auto print = [&](const char* what, const char* format, const auto& get) {
    std::printf(", \"%s\": ", what);
    std::printf(format, median_of(decodes, get));
  };
  const double all = median_of(decodes, [](const auto& each) { return each.all; });
  std::printf(", \"%s\": {\"ms_per_token\": %.4f, \"against_alone\": %.3f", name, all / (kTokens - 1), all / alone);
  print("heard", "%.0f", [](const auto& each) { return each.heard; });
  print("rounds", "%.0f", [](const auto& each) { return each.rounds; });
  print("plain_runs", "%.0f", [](const auto& each) { return each.plain_runs; });
  print("guesses", "%.0f", [](const auto& each) { return each.guesses.read; });
  print("right", "%.0f", [](const auto& each) { return each.guesses.accepted; });
  print("guessing_ms", "%.2f", [](const auto& each) { return each.guessing; });
  print("reading_ms", "%.2f", [](const auto& each) { return each.reading; });
  print("plain_ms", "%.2f", [](const auto& each) { return each.plain; });
  print("plain_ms_per_run", "%.4f", [](const auto& each) { return each.plain_runs ? each.plain / each.plain_runs : 0; });
  std::printf(", \"all_ms\": [");
  for (size_t i = 0; i < decodes.size(); ++i) std::printf("%s%.1f", i > 0 ? ", " : "", decodes[i].all);
  std::printf("]}");
}

/// The same window, that the smaller model has not heard.
EncodingPointer unheard(const EncodingPointer& encoding, const Mel& mel) {
  auto copy = std::make_shared<Encoding>(*encoding);
  copy->draft = std::make_shared<DraftWindow>(DraftWindow{mel});
  return copy;
}

void print_acceptance(Model& large, const EncodingPointer& encoding, const Mel& mel, const std::vector<int>& answer,
                      double share) {
  std::vector<double> alone;
  std::vector<DraftedDecode> first, next, later;
  std::mt19937 random(7);
  const auto session = std::make_shared<GuessRecord>();
  auto& experience = large.smaller()->experience;
  for (int time = 0; time < kWarmTimes + kTimes; ++time) {
    // In turn: the host is slower at times.
    const double taken = decode_alone(large, encoding);
    const auto decode = [&](const std::shared_ptr<GuessRecord>& record) {
      return decode_with_guesses(large, unheard(encoding, mel), answer, share, random, record);
    };
    const auto learned = std::exchange(experience, {});
    auto first_decode = decode(std::make_shared<GuessRecord>());
    experience = learned;
    auto next_decode = decode(std::make_shared<GuessRecord>()), later_decode = decode(session);
    if (time < kWarmTimes) continue;
    alone.push_back(taken);
    first.push_back(std::move(first_decode));
    next.push_back(std::move(next_decode));
    later.push_back(std::move(later_decode));
  }
  std::printf("\"%.1f\": {\"alone_ms_per_token\": %.4f", share, median(alone) / (kTokens - 1));
  print_decodes("first", first, median(alone));
  print_decodes("next", next, median(alone));
  print_decodes("later", later, median(alone));
  std::printf(", ");
  print_costs(large.smaller()->costs.front());
  std::printf("}");
}

}  // namespace

int time_drafts(const ModelDimensions& large_shape, const ModelDimensions& draft_shape, const ModelSource& source) {
  const Cancellation never;
  Model large(random_source(source, large_shape, "hearth-random"));
  const auto draft = std::make_shared<Model>(random_source(source, draft_shape, "hearth-random-draft"));
  const Mel mel{mx::random::normal({3000, large_shape.mel_bins}, mx::float32), 3000};
  mx::eval(mel.frames);
  const auto encode = [&] { return std::make_shared<const Encoding>(large.encode({&mel}, never).front()); };
  const double encode_alone = median_milliseconds(kTimes, [&] { encode(); });
  const EncodingPointer encoding = encode();
  const auto alone_text = texts_of(large_shape, std::span(&encoding, 1), kTokens);
  decode_together(large, alone_text);
  const auto answer = alone_text.front()->tokens();
  std::vector<double> alone_before;
  for (int time = 0; time < kWarmTimes + kTimes; ++time) alone_before.push_back(decode_alone(large, encoding));
  const double cost = guess_cost(draft_shape, large_shape);
  large.draft_with(draft, cost);
  const double encode_draft = median_milliseconds(kTimes, [&] { draft->encode({&mel}, never); });
  std::printf("{\"large_layers\": %d, \"draft_layers\": %d, \"guess_cost\": %.3f, \"encode_ms\": %.3f",
              large_shape.text_layers, draft_shape.text_layers, cost, encode_alone);
  const double warming = milliseconds([&] {
    warm_up(large, {.batch_size = 1, .filters = real_filters(large_shape), .end_of_text = 50257}, [](int, int) {}, never);
  });
  // A model that was warmed up begins with what was timed then; where nothing was, with estimates.
  const auto warm = large.smaller()->costs;
  std::printf(", \"encode_draft_ms\": %.3f, \"alone_ms_per_token_before_warm_up\": %.4f, \"warm_up_ms\": %.0f, ",
              encode_draft, median(alone_before) / (kTokens - 1), warming);
  print_costs(warm.front());
  std::printf(", \"acceptance\": {");
  const char* separator = "";
  for (const double share : {0.0, 0.5, 0.8, 1.0}) {
    std::printf("%s", std::exchange(separator, ", "));
    large.smaller()->costs = warm;
    large.smaller()->experience = {};
    print_acceptance(large, encoding, mel, answer, share);
  }
  std::printf("}}\n");
  return 0;
}

}  // namespace hearth
