#include "decode_batch.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "decode_clock.h"
#include "logits.h"
#include "mlx/ops.h"
#include "mlx/random.h"
#include "mlx/transforms.h"
#include "reading.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

std::vector<int> first_numbers(int count) {
  std::vector<int> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

/// Gumbel noise times each text's temperature; nothing when all are greedy. `steps` are what the texts have sampled.
std::optional<mx::array> make_noise(std::span<const std::shared_ptr<SampledText>> texts, const std::vector<int>& steps,
                                    int vocabulary) {
  const auto is_greedy = [](const auto& text) { return !text || text->settings().temperature <= 0; };
  if (std::ranges::all_of(texts, is_greedy)) return std::nullopt;
  std::vector<mx::array> values;
  for (size_t i = 0; i < texts.size(); ++i) {
    const mx::Shape shape{1, vocabulary};
    if (is_greedy(texts[i])) {
      values.push_back(mx::zeros(shape, mx::float32));
      continue;
    }
    constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;
    const auto& settings = texts[i]->settings();
    const auto key = mx::random::key(settings.seed + kSpread * static_cast<uint64_t>(steps[i]));
    values.push_back(mx::random::gumbel(shape, mx::float32, key) * mx::array(settings.temperature));
  }
  return mx::concatenate(values, 0);
}

mx::array int_row(const std::vector<int>& values) {
  return mx::array(values.begin(), {static_cast<int>(values.size())}, mx::int32);
}

mx::array int_column(const std::vector<int>& values) {
  return mx::array(values.begin(), {static_cast<int>(values.size()), 1}, mx::int32);
}

}  // namespace

DecodeBatch::DecodeBatch(Model& model) : model_(model) {}

void DecodeBatch::add(std::shared_ptr<Text> text) { waiting_.push_back(std::move(text)); }

void DecodeBatch::remove(const Text& text) {
  std::erase_if(waiting_, [&](const auto& each) { return each.get() == &text; });
  for (auto& member : members_) {
    if (member.text.get() == &text) member.text.reset();
  }
  if (std::ranges::all_of(members_, [](const Member& member) { return !member.text; })) drop_all_rows();
}

bool DecodeBatch::is_waiting(const Text& text) const {
  return std::ranges::any_of(waiting_, [&](const auto& each) { return each.get() == &text; });
}

void DecodeBatch::clear() {
  waiting_.clear();
  drop_all_rows();
}

void DecodeBatch::drop_all_rows() {
  members_.clear();
  started_.reset();
  sampled_.reset();
  state_.reset();
}

std::vector<std::shared_ptr<Text>> DecodeBatch::step() {
  const DecodeClock clock(model_.decode_time);
  Texts ended;
  if (!waiting_.empty()) {
    join(ended);
  } else if (chooses_on_device()) {
    step_on_device(ended);
  } else {
    step_on_host(ended);
  }
  if (members_.empty()) drop_all_rows();
  return ended;
}

/// Texts whose prompts and drafts are of one length, each of these once.
void DecodeBatch::join(Texts& ended) {
  settle(ended);
  const auto length = reading_length(*waiting_.front());
  const auto is_now = [&](const auto& text) { return reading_length(*text) == length; };
  const auto later = std::ranges::stable_partition(waiting_, is_now);
  const Texts joining(waiting_.begin(), later.begin());
  waiting_.erase(waiting_.begin(), later.begin());

  const auto readings = readings_of(joining);
  const int count = static_cast<int>(readings.size()), positions_each = static_cast<int>(length), first = rows();
  std::vector<const CrossCache*> windows;
  std::vector<int> tokens, positions;
  for (const auto& reading : readings) {
    const auto& prompt = reading.prompt();
    windows.push_back(&prompt.encoding->cross);
    tokens.insert(tokens.end(), prompt.tokens.begin(), prompt.tokens.end());
    tokens.insert(tokens.end(), reading.draft().begin(), reading.draft().end());
    for (int position = 0; position < positions_each; ++position) positions.push_back(position);
  }
  if (!state_) state_ = model_.decoder().state();
  state_->add(windows, positions_each);
  const auto hidden =
      model_.decoder().forward(*state_, {.tokens = mx::array(tokens.begin(), {count, positions_each}),
                                         .positions = mx::array(positions.begin(), {count, positions_each}),
                                         .first_row = first});
  ++model_.decoder_steps;

  auto sources = first_numbers(first);
  std::vector<int> forgotten(first, 0);
  begin_texts(model_, readings, hidden, [&](int i, const std::shared_ptr<Text>& text, int rows) {
    if (rows == 0) return ended.push_back(text);
    members_.push_back({text, rows});
    sources.insert(sources.end(), rows, first + i);
    const int drafted = positions_each - static_cast<int>(text->prompt().tokens.size());
    forgotten.insert(forgotten.end(), rows, drafted - text->accepted());
  });
  select(sources, first + count);
  forget(forgotten);
}

/// Every text takes a token, or as many of its draft as are its own and the one that follows.
void DecodeBatch::step_on_host(Texts& ended) {
  settle(ended);
  if (members_.empty()) return;
  std::vector<int> tokens, lengths;
  size_t drafted = 0;
  for (const auto& member : members_) {
    member.text->append_inputs(tokens, lengths);
    drafted = std::max(drafted, member.text->draft().size());
  }
  const int count = static_cast<int>(tokens.size()), positions_each = static_cast<int>(drafted) + 1;
  const auto read = read_with_drafts(tokens, lengths, positions_each);
  const auto hidden =
      model_.decoder().forward(*state_, {.tokens = mx::array(read.tokens.begin(), {count, positions_each}),
                                         .positions = mx::array(read.positions.begin(), {count, positions_each})});
  ++model_.decoder_steps;
  const auto all = mx::reshape(hidden, {count * positions_each, hidden.shape(-1)});
  const bool takes_all = static_cast<int>(read.wanted.size()) == count * positions_each;
  Logits logits(model_.decoder().raw_logits(takes_all ? all : mx::take(all, int_row(read.wanted), 0)),
                model_.decode_time);

  std::vector<int> sources, forgotten;
  std::vector<Member> staying;
  int first = 0, first_logits = 0;
  for (const auto& [text, rows] : members_) {
    const int own_drafted = static_cast<int>(text->draft().size());
    const auto own = logits.rows(first_logits, rows + own_drafted);
    const auto kept = text->advance(own);
    for (const int row : kept) sources.push_back(first + row);
    forgotten.insert(forgotten.end(), kept.size(), static_cast<int>(drafted) - text->accepted());
    if (kept.empty()) {
      ended.push_back(text);
    } else {
      staying.push_back({text, static_cast<int>(kept.size())});
    }
    first += rows;
    first_logits += static_cast<int>(own.size());
  }
  members_ = std::move(staying);
  select(sources, count);
  forget(forgotten);
}

/// Each row's token, those of its draft, and what fills it up to `positions_each`. `tokens` and `lengths` are those of
/// the rows.
DecodeBatch::DraftedTokens DecodeBatch::read_with_drafts(const std::vector<int>& tokens,
                                                         const std::vector<int>& lengths, int positions_each) const {
  DraftedTokens read;
  size_t row = 0;
  for (const auto& member : members_) {
    const auto draft = member.text->draft();
    for (int own = 0; own < member.rows; ++own, ++row) {
      for (int i = 0; i < positions_each; ++i) {
        const bool is_drafted = i > 0 && i <= static_cast<int>(draft.size());
        if (i == 0 || is_drafted) read.wanted.push_back(static_cast<int>(read.tokens.size()));
        read.tokens.push_back(is_drafted ? draft[i - 1] : tokens[row]);
        // A full row may take part in one more step, in vain.
        read.positions.push_back(std::min(lengths[row] + i, model_.dimensions().text_context) - 1);
      }
    }
  }
  return read;
}

/// Tokens are chosen in MLX's graph: a step is read while the next one runs. A text that has ended takes part in the
/// step that runs by then, in vain, and its row goes when enough others have ended to be worth moving the rest
/// together.
void DecodeBatch::step_on_device(Texts& ended) {
  const auto previous = std::exchange(started_, start_on_device());
  if (previous) read(*previous, ended);
  const auto left = std::ranges::count_if(members_, [](const Member& member) { return !member.text; });
  if (left == static_cast<int64_t>(members_.size())) return drop_all_rows();
  if (left * 4 < static_cast<int64_t>(members_.size()) || left == 0) return;
  drop_left();
}

/// Nothing when no text takes another token.
std::optional<DecodeBatch::StartedStep> DecodeBatch::start_on_device() {
  const int unread = started_ ? 1 : 0;
  std::vector<std::shared_ptr<SampledText>> texts;
  std::vector<int> lengths, sampled;
  bool goes_on = false;
  for (const auto& member : members_) {
    const auto text = std::static_pointer_cast<SampledText>(member.text);
    const int count = text ? static_cast<int>(text->tokens().size()) + unread : 1;
    goes_on = goes_on || (text && count < text->rules().max_tokens);
    lengths.push_back(std::min(text ? text->length() + unread : 1, model_.dimensions().text_context) - 1);
    sampled.push_back(count);
    texts.push_back(text);
  }
  if (!goes_on) return std::nullopt;
  if (!sampled_) sampled_ = make_sampled_rows(texts);
  const auto hidden = model_.decoder().forward(*state_, {.tokens = sampled_->token, .positions = int_column(lengths)});
  ++model_.decoder_steps;
  const auto logits =
      model_.decoder().raw_logits(mx::reshape(hidden, {static_cast<int>(texts.size()), hidden.shape(-1)}));
  auto choice = choose(logits, texts, sampled);
  mx::async_eval(choice.rows.token, choice.logprob);
  sampled_ = choice.rows;
  return StartedStep{std::move(texts), choice.rows.token, choice.logprob};
}

SampledRows DecodeBatch::make_sampled_rows(std::span<const std::shared_ptr<SampledText>> texts) const {
  std::vector<std::vector<int>> tokens;
  for (const auto& text : texts) tokens.push_back(text ? text->tokens() : std::vector<int>{0});
  return sampled_rows(tokens, timestamp_begin());
}

/// The model's own first timestamp; without rules for timestamps no token is one.
int DecodeBatch::timestamp_begin() const {
  for (const auto& member : members_) {
    if (member.text && member.text->rules().filters.timestamp_rules) {
      return member.text->rules().filters.timestamp_rules->timestamp_begin;
    }
  }
  return model_.dimensions().vocabulary_size;
}

/// Texts that are filtered alike choose together.
TokenChooser::Choice DecodeBatch::choose(const mx::array& logits, std::span<const std::shared_ptr<SampledText>> texts,
                                         const std::vector<int>& sampled) {
  std::vector<int> until;
  for (size_t i = 0; i < texts.size(); ++i) {
    // Before its second token no text has begun: what is no speech may end there.
    until.push_back(texts[i] && sampled[i] > 1 ? texts[i]->prompt().speech_until : 0);
  }
  const auto noise = make_noise(texts, sampled, model_.dimensions().vocabulary_size);
  const auto groups = alike(texts);
  if (groups.size() == 1) return choose_alike(groups.front(), logits, *sampled_, int_column(until), noise);

  std::vector<mx::array> tokens, last_is_time, previous_is_time, last_time, logprobs;
  std::vector<int> places(texts.size());
  int place = 0;
  for (const auto& group : groups) {
    const auto rows = mx::array(group.rows.begin(), {static_cast<int>(group.rows.size())}, mx::int32);
    const auto own_noise = noise ? std::optional(mx::take(*noise, rows, 0)) : std::nullopt;
    const auto choice = choose_alike(group, mx::take(logits, rows, 0), whisper::select(*sampled_, rows),
                                     mx::take(int_column(until), rows, 0), own_noise);
    tokens.push_back(choice.rows.token);
    last_is_time.push_back(choice.rows.last_is_time);
    previous_is_time.push_back(choice.rows.previous_is_time);
    last_time.push_back(choice.rows.last_time);
    logprobs.push_back(choice.logprob);
    for (const int row : group.rows) places[row] = place++;
  }
  const auto order = mx::array(places.begin(), {static_cast<int>(places.size())}, mx::int32);
  const auto joined = [&](const std::vector<mx::array>& parts) {
    return mx::take(mx::concatenate(parts, 0), order, 0);
  };
  return {{joined(tokens), joined(last_is_time), joined(previous_is_time), joined(last_time)}, joined(logprobs)};
}

std::vector<DecodeBatch::AlikeRows> DecodeBatch::alike(std::span<const std::shared_ptr<SampledText>> texts) const {
  std::vector<AlikeRows> groups;
  std::vector<int> left;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i]) {
      left.push_back(static_cast<int>(i));
      continue;
    }
    const auto& rules = texts[i]->rules();
    const auto fits = [&](const AlikeRows& group) {
      return group.rules->end_of_text == rules.end_of_text && group.rules->filters == rules.filters;
    };
    const auto found = std::ranges::find_if(groups, fits);
    auto& group = found == groups.end() ? groups.emplace_back(AlikeRows{&rules, {}}) : *found;
    group.rows.push_back(static_cast<int>(i));
  }
  groups.front().rows.insert(groups.front().rows.end(), left.begin(), left.end());
  // In their order, so that one group is all rows as they are.
  std::ranges::sort(groups.front().rows);
  return groups;
}

TokenChooser::Choice DecodeBatch::choose_alike(const AlikeRows& group, const mx::array& logits, const SampledRows& rows,
                                               const mx::array& speech_until, const std::optional<mx::array>& noise) {
  const auto& [filters, end_of_text, no_speech, max_tokens] = *group.rules;
  const auto& chooser = model_.token_chooser(filters, end_of_text);
  auto known = std::ranges::find(suppressed_, filters, &std::pair<LogitFilters, mx::array>::first);
  if (known == suppressed_.end()) known = suppressed_.insert(known, {filters, chooser.suppressed(filters)});
  return chooser.choose(logits, rows, known->second, speech_until, noise);
}

/// Adds a step's tokens to the texts that have not ended.
void DecodeBatch::read(const StartedStep& step, Texts& ended) {
  wait_for({step.tokens, step.logprobs}, model_.decode_time);
  for (size_t row = 0; row < step.texts.size(); ++row) {
    const auto& text = step.texts[row];
    const auto member = std::ranges::find_if(members_, [&](const Member& each) { return text && each.text == text; });
    if (member == members_.end()) continue;
    text->add(step.tokens.data<int>()[row], step.logprobs.data<float>()[row]);
    if (!text->ended()) continue;
    ended.push_back(text);
    member->text.reset();
  }
}

/// Reads what was started, and leaves only the rows of texts that go on.
void DecodeBatch::settle(Texts& ended) {
  const auto started = std::exchange(started_, std::nullopt);
  if (started) read(*started, ended);
  drop_left();
  sampled_.reset();
}

void DecodeBatch::drop_left() {
  std::vector<int> sources;
  int count = 0;
  for (const auto& member : members_) {
    for (int row = 0; row < member.rows; ++row, ++count) {
      if (member.text) sources.push_back(count);
    }
  }
  std::erase_if(members_, [](const Member& member) { return !member.text; });
  if (static_cast<int>(sources.size()) == count) return;
  if (sampled_) {
    sampled_ = whisper::select(*sampled_, mx::array(sources.begin(), {static_cast<int>(sources.size())}, mx::int32));
  }
  select(sources, count);
}

/// The state's `count` rows become copies of these.
void DecodeBatch::select(const std::vector<int>& sources, int count) {
  if (sources != first_numbers(count)) state_->select(sources);
}

/// Each row forgets so many of the positions that it read last.
void DecodeBatch::forget(const std::vector<int>& positions) {
  if (std::ranges::any_of(positions, [](int count) { return count > 0; })) state_->forget(positions);
}

int DecodeBatch::rows() const {
  return std::accumulate(members_.begin(), members_.end(), 0,
                         [](int sum, const Member& member) { return sum + member.rows; });
}

bool DecodeBatch::chooses_on_device() const {
  const auto is_sampled = [](const Member& member) {
    return !member.text || dynamic_cast<const SampledText*>(member.text.get()) != nullptr;
  };
  const auto is_drafted = [](const Member& member) { return member.text && !member.text->draft().empty(); };
  return model_.chooses_tokens() && std::ranges::all_of(members_, is_sampled) &&
         std::ranges::none_of(members_, is_drafted);
}

}  // namespace hearth::whisper
