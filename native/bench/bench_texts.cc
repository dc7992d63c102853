#include "bench_texts.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "../src/whisper/decode_batch.h"

namespace hearth {

using namespace whisper;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double median_milliseconds(int times, const std::function<void()>& work) {
  std::vector<double> taken;
  for (int time = 0; time < times + 2; ++time) {
    const double each = milliseconds(work);
    if (time >= 2) taken.push_back(each);
  }
  return median(taken);
}

LogitFilters real_filters(const ModelDimensions& dimensions) {
  const int end_of_text = 50257;
  const int begin = dimensions.vocabulary_size - 1501;
  // A random model would end at once or never; it has to write on.
  return {{end_of_text}, {end_of_text}, TimestampRules{begin, begin - 1, end_of_text, 50}};
}

std::shared_ptr<SampledText> greedy_text(const ModelDimensions& dimensions, Prompt prompt, DecodingRules rules) {
  return std::make_shared<SampledText>(std::move(prompt), std::move(rules), dimensions.text_context, SampleSettings{},
                                       [](int) {});
}

Texts texts_of(const ModelDimensions& dimensions, std::span<const EncodingPointer> encodings, int tokens,
               int longer_prompts) {
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

}  // namespace hearth
