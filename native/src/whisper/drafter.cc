#include "drafter.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "logits.h"
#include "mlx/ops.h"
#include "sampler.h"

namespace mx = mlx::core;

namespace hearth::whisper {

Drafter::Drafter(Model& model, std::shared_ptr<SampledText> text, DecodeTime& time)
    : model_(model), text_(std::move(text)), time_(time), chooser_(model) {}

const EncodingPointer& Drafter::hear() { return model_.hear(*text_->prompt().encoding->draft); }

std::vector<int> Drafter::guess(int count) {
  const int room = model_.dimensions().text_context - text_->length();
  if (std::min(count, room) <= 0) return {};
  auto unread = forget_what_was_wrong();
  if (!state_) {
    state_ = model_.decoder().state();
    model_.decoder().add_rows(*state_, {&hear(), 1}, static_cast<int>(unread.size()));
  }
  length_ = static_cast<int>(read_.size());
  auto guessed = model_.chooses_tokens() ? guess_on_device(unread, std::min(count, room))
                                         : guess_on_host(unread, std::min(count, room));
  read_.insert(read_.end(), unread.begin(), unread.end());
  // The last one was not read.
  read_.insert(read_.end(), guessed.begin(), guessed.begin() + (length_ - static_cast<int>(read_.size())));
  guessed.erase(std::ranges::find(guessed, text_->rules().end_of_text), guessed.end());
  return guessed;
}

void Drafter::take_as_guessed(std::span<const int> tokens) {
  if (tokens.empty()) return;
  std::ranges::copy(tokens.first(tokens.size() - 1), read_.end() - (std::ssize(tokens) - 1));
}

/// The text's tokens that are not read, which is at least the last.
std::vector<int> Drafter::forget_what_was_wrong() {
  auto tokens = text_->prompt().tokens;
  tokens.insert(tokens.end(), text_->tokens().begin(), text_->tokens().end());
  const auto different = std::ranges::mismatch(read_, tokens).in1 - read_.begin();
  const auto kept = std::min<int64_t>(different, static_cast<int64_t>(tokens.size()) - 1);
  const std::array forgotten{static_cast<int>(read_.size() - kept)};
  if (forgotten.front() > 0) state_->forget(forgotten);
  read_.resize(kept);
  return {tokens.begin() + kept, tokens.end()};
}

/// int32 [1, count]: their logits [1, vocabulary], after the last.
mx::array Drafter::read(const mx::array& tokens) {
  const int count = tokens.shape(1);
  std::vector<int> positions(count);
  std::iota(positions.begin(), positions.end(), length_);
  length_ += count;
  const auto hidden = model_.decoder().forward(*state_, {.tokens = tokens, .positions = positions});
  ++model_.decoder_steps;
  const int width = hidden.shape(-1);
  const auto last = mx::slice(hidden, {0, count - 1, 0}, {1, count, width});
  return model_.decoder().raw_logits(mx::contiguous(mx::reshape(last, {1, width})));
}

std::vector<int> Drafter::guess_on_host(std::vector<int> unread, int count) {
  const auto& rules = text_->rules();
  auto said = text_->tokens();
  std::vector<int> guessed;
  while (static_cast<int>(guessed.size()) < count) {
    Logits logits(read(mx::array(unread.begin(), {1, static_cast<int>(unread.size())}, mx::int32)), time_);
    const auto row = logits.row(0);
    apply_logit_filters(rules.filters, text_->prompt().speech_until, said, row);
    guessed.push_back(most_likely(row));
    if (guessed.back() == rules.end_of_text) break;
    said.push_back(guessed.back());
    unread = {guessed.back()};
  }
  return guessed;
}

/// Each guess is read while the host prepares the next.
std::vector<int> Drafter::guess_on_device(std::vector<int> unread, int count) {
  const std::array texts{text_};
  auto rows = chooser_.rows_after(texts, {text_->tokens()});
  auto tokens = mx::array(unread.begin(), {1, static_cast<int>(unread.size())}, mx::int32);
  std::vector<mx::array> chosen;
  for (int i = 0; i < count; ++i) {
    rows = chooser_.choose(read(tokens), texts, rows, {static_cast<int>(text_->tokens().size()) + i}).rows;
    tokens = rows.token;
    chosen.push_back(rows.token);
  }
  const auto all = mx::concatenate(chosen, 0);
  wait_for({all}, time_);
  return {all.data<int>(), all.data<int>() + count};
}

}  // namespace hearth::whisper
