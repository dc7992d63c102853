#include "decode_batch.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "decode_clock.h"
#include "logits.h"
#include "mlx/ops.h"
#include "mlx/transforms.h"
#include "stopwatch.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

mx::array int_row(const std::vector<int>& values) {
  return mx::array(values.begin(), {static_cast<int>(values.size())}, mx::int32);
}

}  // namespace

DecodeBatch::DecodeBatch(Model& model) : model_(model), chooser_(model) {
  if (model.smaller()) drafting_.emplace(model);
}

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
  const Stopwatch watch;
  Texts ended;
  if (!waiting_.empty()) {
    join(ended);
  } else if (drafting_ && drafting_->is_worthwhile(greedy_texts())) {
    step_with_guesses(ended);
  } else if (!has_drafts() && chooses_on_device()) {
    // The first one only starts.
    const bool is_read = started_.has_value();
    step_on_device(ended);
    if (drafting_ && is_read) drafting_->learn_plain_run(watch.seconds());
  } else {
    const bool is_plain = !has_drafts();
    step_and_read(ended);
    if (drafting_ && is_plain) drafting_->learn_plain_run(watch.seconds());
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
  std::vector<EncodingPointer> windows;
  std::vector<int> tokens, positions;
  for (const auto& reading : readings) {
    const auto& prompt = reading.prompt();
    windows.push_back(prompt.encoding);
    tokens.insert(tokens.end(), prompt.tokens.begin(), prompt.tokens.end());
    tokens.insert(tokens.end(), reading.draft().begin(), reading.draft().end());
    for (int position = 0; position < positions_each; ++position) positions.push_back(position);
  }
  if (!state_) state_ = model_.decoder().state();
  model_.decoder().add_rows(*state_, windows, positions_each);
  const auto hidden = model_.decoder().forward(
      *state_,
      {.tokens = mx::array(tokens.begin(), {count, positions_each}), .positions = positions, .first_row = first});
  ++model_.decoder_steps;

  auto sources = ascending(first);
  std::vector<int> forgotten(first, 0);
  const auto on_begun = [&](int i, const std::shared_ptr<Text>& text, int rows) {
    if (rows == 0) return ended.push_back(text);
    members_.push_back({text, rows});
    sources.insert(sources.end(), rows, first + i);
    const int drafted = positions_each - static_cast<int>(text->prompt().tokens.size());
    forgotten.insert(forgotten.end(), rows, drafted - text->accepted());
  };
  if (chooses_first_on_device(readings)) {
    begin_on_device(model_, chooser_, readings, hidden, on_begun);
  } else {
    begin_texts(model_, readings, hidden, on_begun);
  }
  select(sources, first + count);
  forget(forgotten);
}

/// Every text takes a token, or as many of its draft as are its own and the one that follows. Where tokens are chosen
/// in MLX's graph, beam searches alone read logits: what comes before each position of the others is known.
void DecodeBatch::step_and_read(Texts& ended) {
  settle(ended);
  if (members_.empty()) return;
  const int count = rows(), drafted = longest_draft();
  const auto logits = read_with_drafts(drafted + 1);
  Texts in_graph;
  std::vector<std::shared_ptr<SampledText>> texts;
  std::vector<std::vector<int>> before;
  std::vector<int> counts, graph_places, host_places;
  for (int place = 0; const auto& [text, rows] : members_) {
    const auto sampled = model_.chooses_tokens() ? std::dynamic_pointer_cast<SampledText>(text) : nullptr;
    if (sampled) in_graph.push_back(text);
    auto& places = sampled ? graph_places : host_places;
    const auto draft = text->draft();
    for (int i = 0; i < rows + std::ssize(draft); ++i) {
      places.push_back(place++);
      if (!sampled) continue;
      auto& tokens = before.emplace_back(sampled->tokens());
      tokens.insert(tokens.end(), draft.begin(), draft.begin() + i);
      texts.push_back(sampled);
      counts.push_back(static_cast<int>(tokens.size()));
    }
  }
  const auto logits_at = [&](const std::vector<int>& places) {
    return std::ssize(places) == logits.shape(0) ? logits : mx::take(logits, int_row(places), 0);
  };
  std::optional<TokenChooser::Choice> choice;
  if (!texts.empty()) {
    choice = chooser_.choose(logits_at(graph_places), texts, chooser_.rows_after(texts, before), counts);
    mx::async_eval(choice->rows.token, choice->logprob);
  }
  std::optional<Logits> on_host;
  if (!host_places.empty()) on_host.emplace(logits_at(host_places), model_.decode_time);
  if (choice) wait_for({choice->rows.token, choice->logprob}, model_.decode_time);

  std::vector<int> sources, forgotten;
  std::vector<Member> staying;
  int first = 0, first_chosen = 0, first_logits = 0;
  for (const auto& [text, rows] : members_) {
    const int own = rows + static_cast<int>(text->draft().size());
    std::vector<int> kept;
    if (std::ranges::find(in_graph, text) != in_graph.end()) {
      kept = std::static_pointer_cast<SampledText>(text)->add_along_draft(
          {choice->rows.token.data<int>() + first_chosen, static_cast<size_t>(own)},
          {choice->logprob.data<float>() + first_chosen, static_cast<size_t>(own)});
      first_chosen += own;
    } else {
      kept = text->advance(on_host->rows(first_logits, own));
      first_logits += own;
    }
    for (const int row : kept) sources.push_back(first + row);
    forgotten.insert(forgotten.end(), kept.size(), drafted - text->accepted());
    if (kept.empty()) {
      ended.push_back(text);
    } else {
      staying.push_back({text, static_cast<int>(kept.size())});
    }
    first += rows;
  }
  members_ = std::move(staying);
  select(sources, count);
  forget(forgotten);
}

/// The smaller model guesses what each text says next.
void DecodeBatch::step_with_guesses(Texts& ended) {
  settle(ended);
  drafting_->hear();
  const Stopwatch watch;
  drafting_->guess();
  step_and_read(ended);
  drafting_->learn(watch.seconds());
}

/// None where one is not greedy.
std::vector<std::shared_ptr<SampledText>> DecodeBatch::greedy_texts() const {
  std::vector<std::shared_ptr<SampledText>> texts;
  for (const auto& member : members_) {
    if (!member.text) continue;
    auto text = std::dynamic_pointer_cast<SampledText>(member.text);
    if (!text || text->settings().temperature > 0) return {};
    texts.push_back(std::move(text));
  }
  return texts;
}

bool DecodeBatch::has_drafts() const { return longest_draft() > 0; }

int DecodeBatch::longest_draft() const {
  size_t longest = 0;
  for (const auto& member : members_) longest = std::max(longest, member.text ? member.text->draft().size() : 0);
  return static_cast<int>(longest);
}

/// Each row reads its token, those of its draft, and what fills it up to `positions_each`. Logits [wanted, vocabulary]
/// after its token and each of its draft.
mx::array DecodeBatch::read_with_drafts(int positions_each) {
  std::vector<int> last, lengths, tokens, positions, wanted;
  size_t row = 0;
  for (const auto& member : members_) {
    member.text->append_inputs(last, lengths);
    const auto draft = member.text->draft();
    for (; row < last.size(); ++row) {
      for (int i = 0; i < positions_each; ++i) {
        const bool is_drafted = i > 0 && i <= static_cast<int>(draft.size());
        if (i == 0 || is_drafted) wanted.push_back(static_cast<int>(tokens.size()));
        tokens.push_back(is_drafted ? draft[i - 1] : last[row]);
        // A full row may take part in one more step, in vain.
        positions.push_back(std::min(lengths[row] + i, model_.dimensions().text_context) - 1);
      }
    }
  }
  const int count = static_cast<int>(last.size());
  const auto hidden = model_.decoder().forward(
      *state_, {.tokens = mx::array(tokens.begin(), {count, positions_each}), .positions = positions});
  ++model_.decoder_steps;
  const auto all = mx::reshape(hidden, {count * positions_each, hidden.shape(-1)});
  const bool takes_all = wanted.size() == tokens.size();
  return model_.decoder().raw_logits(takes_all ? all : mx::take(all, int_row(wanted), 0));
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
  std::vector<int> positions, sampled;
  bool goes_on = false;
  for (const auto& member : members_) {
    const auto text = std::static_pointer_cast<SampledText>(member.text);
    const int count = text ? static_cast<int>(text->tokens().size()) + unread : 1;
    goes_on = goes_on || (text && count < text->rules().max_tokens);
    const int in_vain = positions.empty() ? 0 : positions.back();
    positions.push_back(text ? std::min(text->length() + unread, model_.dimensions().text_context) - 1 : in_vain);
    sampled.push_back(count);
    texts.push_back(text);
  }
  if (!goes_on) return std::nullopt;
  if (!sampled_) {
    std::vector<std::vector<int>> tokens;
    for (const auto& text : texts) tokens.push_back(text ? text->tokens() : std::vector<int>{0});
    sampled_ = chooser_.rows_after(texts, tokens);
  }
  const auto hidden = model_.decoder().forward(*state_, {.tokens = sampled_->token, .positions = positions});
  ++model_.decoder_steps;
  const auto logits =
      model_.decoder().raw_logits(mx::reshape(hidden, {static_cast<int>(texts.size()), hidden.shape(-1)}));
  auto choice = chooser_.choose(logits, texts, *sampled_, sampled);
  mx::async_eval(choice.rows.token, choice.logprob);
  sampled_ = choice.rows;
  return StartedStep{std::move(texts), choice.rows.token, choice.logprob};
}

/// Adds a step's tokens to the texts that have not ended.
void DecodeBatch::read(const StartedStep& step, Texts& ended) {
  wait_for({step.tokens, step.logprobs}, model_.decode_time);
  for (size_t row = 0; row < step.texts.size(); ++row) {
    const auto& text = step.texts[row];
    const auto member = std::ranges::find_if(members_, [&](const Member& each) { return text && each.text == text; });
    if (member == members_.end()) continue;
    text->add_next(step.tokens.data<int>()[row], step.logprobs.data<float>()[row]);
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
  if (sources != ascending(count)) state_->select(sources);
}

/// Each row forgets so many of the positions that it read last.
void DecodeBatch::forget(const std::vector<int>& positions) {
  if (std::ranges::any_of(positions, [](int count) { return count > 0; })) state_->forget(positions);
}

int DecodeBatch::rows() const {
  return std::accumulate(members_.begin(), members_.end(), 0,
                         [](int sum, const Member& member) { return sum + member.rows; });
}

bool DecodeBatch::chooses_first_on_device(std::span<const Reading> readings) const {
  const auto is_greedy = [](const std::shared_ptr<Text>& text) {
    const auto* sampled = dynamic_cast<const SampledText*>(text.get());
    return sampled != nullptr && sampled->settings().temperature <= 0;
  };
  return model_.chooses_tokens() && std::ranges::all_of(readings, [&](const Reading& each) {
           return each.draft().empty() && std::ranges::all_of(each.texts, is_greedy);
         });
}

bool DecodeBatch::chooses_on_device() const {
  const auto is_sampled = [](const Member& member) {
    return !member.text || dynamic_cast<const SampledText*>(member.text.get()) != nullptr;
  };
  return model_.chooses_tokens() && std::ranges::all_of(members_, is_sampled);
}

}  // namespace hearth::whisper
