#include "reading.h"

#include <algorithm>

#include "logits.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// Logits of drafts take memory: a fifth of a megabyte for each position.
constexpr int kPositionsAtATime = 256;

bool begins_like(const Reading& reading, const Text& text) {
  return reading.prompt() == text.prompt() && std::ranges::equal(reading.draft(), text.draft());
}

/// Begins a text with copies of its logits, which others want as they are.
int begin_with_copies(Text& text, std::span<const float> at_start, std::span<const std::span<float>> after) {
  std::vector<std::vector<float>> copies;
  for (const auto& row : after) copies.emplace_back(row.begin(), row.end());
  return text.begin(at_start, std::vector<std::span<float>>(copies.begin(), copies.end()));
}

}  // namespace

size_t reading_length(const Text& text) { return text.prompt().tokens.size() + text.draft().size(); }

std::vector<Reading> readings_of(std::span<const std::shared_ptr<Text>> texts) {
  std::vector<Reading> readings;
  for (const auto& text : texts) {
    const auto known = std::ranges::find_if(readings, [&](const Reading& each) { return begins_like(each, *text); });
    auto& reading = known == readings.end() ? readings.emplace_back() : *known;
    reading.texts.push_back(text);
  }
  return readings;
}

void begin_texts(Model& model, std::span<const Reading> readings, const mx::array& hidden,
                 const std::function<void(int, const std::shared_ptr<Text>&, int)>& on_begun) {
  const int count = static_cast<int>(readings.size()), positions = hidden.shape(1);
  const auto all = mx::reshape(hidden, {count * positions, hidden.shape(-1)});
  const auto logits_of = [&](const Reading& reading) { return static_cast<int>(reading.draft().size()) + 2; };
  for (int first = 0, last = 0; first < count; first = last) {
    std::vector<int> wanted;
    for (; last < count; ++last) {
      const auto& reading = readings[last];
      if (last > first && static_cast<int>(wanted.size()) + logits_of(reading) > kPositionsAtATime) break;
      wanted.push_back(last * positions + reading.prompt().sot_index);
      const int after_prompt = static_cast<int>(reading.prompt().tokens.size()) - 1;
      for (int i = after_prompt; i < positions; ++i) wanted.push_back(last * positions + i);
    }
    const auto taken = mx::take(all, mx::array(wanted.begin(), {static_cast<int>(wanted.size())}), 0);
    Logits logits(model.decoder().raw_logits(taken), model.decode_time);
    for (int i = first, row = 0; i < last; ++i) {
      const auto& texts = readings[i].texts;
      const int own = logits_of(readings[i]);
      const auto at_start = logits.row(row);
      const auto after = logits.rows(row + 1, own - 1);
      row += own;
      for (const auto& text : texts) {
        const bool is_last = text == texts.back();
        on_begun(i, text, is_last ? text->begin(at_start, after) : begin_with_copies(*text, at_start, after));
      }
    }
  }
}

}  // namespace hearth::whisper
