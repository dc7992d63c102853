#include "reading.h"

#include <algorithm>
#include <optional>

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
                 const OnBegun& on_begun) {
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

void begin_on_device(Model& model, DeviceChooser& chooser, std::span<const Reading> readings, const mx::array& hidden,
                     const OnBegun& on_begun) {
  const int count = static_cast<int>(readings.size()), positions = hidden.shape(1);
  std::vector<std::shared_ptr<SampledText>> texts;
  std::vector<int> reading_of, at_start, after, no_speech;
  for (int i = 0; i < count; ++i) {
    for (const auto& text : readings[i].texts) {
      texts.push_back(std::static_pointer_cast<SampledText>(text));
      reading_of.push_back(i);
      at_start.push_back(i * positions + text->prompt().sot_index);
      after.push_back((i + 1) * positions - 1);
      no_speech.push_back(text->rules().no_speech.value_or(0));
    }
  }
  const int rows = static_cast<int>(texts.size());
  const auto all = mx::reshape(hidden, {count * positions, hidden.shape(-1)});
  const auto logits_at = [&](const std::vector<int>& places) {
    return model.decoder().raw_logits(mx::take(all, mx::array(places.begin(), {rows}), 0));
  };
  const auto [tokens, logprobs] = chooser.choose_first(logits_at(after), texts);
  const auto start = mx::astype(logits_at(at_start), mx::float32);
  const auto of_no_speech = mx::take_along_axis(start, mx::array(no_speech.begin(), {rows, 1}), 1);
  const auto no_speech_probs = mx::exp(of_no_speech - mx::logsumexp(start, 1, true));
  wait_for({tokens, logprobs, no_speech_probs}, model.decode_time);
  for (int row = 0; row < rows; ++row) {
    const auto& text = texts[row];
    const auto prob = text->rules().no_speech ? std::optional(no_speech_probs.data<float>()[row]) : std::nullopt;
    text->begin_with(tokens.data<int>()[row], logprobs.data<float>()[row], prob);
    on_begun(reading_of[row], text, text->ended() ? 0 : 1);
  }
}

}  // namespace hearth::whisper
