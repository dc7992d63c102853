#include "decode_rows.h"

#include <algorithm>
#include <random>

#include "check_inputs.h"
#include "mlx/ops.h"
#include "mlx/random.h"
#include "mlx/transforms.h"
#include "sampler.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

/// One row on its way: where it stands and what it sampled last.
struct ActiveRow {
  int index;   ///< in the request
  int length;  ///< prompt and sampled tokens
  int last_token;
  std::mt19937_64 random;
};

/// Those of a length together, since they are read together.
std::vector<Prompt> distinct_prompts(const DecodeRequest& request) {
  std::vector<Prompt> prompts;
  for (const auto& row : request.rows) {
    if (std::ranges::find(prompts, row.prompt) == prompts.end()) prompts.push_back(row.prompt);
  }
  std::ranges::stable_sort(prompts, {}, [](const Prompt& prompt) { return prompt.tokens.size(); });
  return prompts;
}

class RowDecoder {
 public:
  RowDecoder(Model& model, const DecodeRequest& request, const std::function<void(int, int)>& on_token,
             const Cancellation& cancellation)
      : model_(model),
        text_context_(model.dimensions().text_context),
        request_(request),
        on_token_(on_token),
        prompts_(distinct_prompts(request)),
        session_(model, prompts_, request.max_tokens, cancellation),
        results_(request.rows.size()) {}

  std::vector<DecodeResult> run() {
    begin();
    if (model_.chooses_tokens()) {
      run_on_device();
    } else {
      run_on_host();
    }
    return std::move(results_);
  }

 private:
  void run_on_host() {
    for (int sampled = 1; sampled < request_.max_tokens && !active_.empty(); ++sampled) {
      std::vector<int> tokens, lengths;
      for (const auto& row : active_) {
        tokens.push_back(row.last_token);
        lengths.push_back(row.length);
      }
      auto logits = session_.step(tokens, lengths);
      for (size_t i = 0; i < active_.size(); ++i) choose(active_[i], logits.row(static_cast<int>(i)));
      drop_finished();
    }
  }

  /// A step that was started and not read yet.
  struct StartedStep {
    std::vector<int> rows;  ///< in the request
    mx::array tokens;       ///< [rows, 1]
    mx::array logprobs;
  };

  /// Tokens are chosen in MLX's graph: step n is read while step n + 1 runs. A row that is finished takes part in the
  /// step that runs by then, in vain, and leaves when enough others have finished to be worth moving the rest together.
  void run_on_device() {
    if (active_.empty()) return;
    const auto& chooser = model_.token_chooser(request_.filters, request_.end_of_text);
    const auto suppressed = chooser.suppressed(request_.filters);
    const auto& rules = request_.filters.timestamp_rules;
    std::vector<std::vector<int>> tokens;
    for (const auto& row : active_) tokens.push_back(results_[row.index].tokens);
    auto rows = sampled_rows(tokens, rules ? rules->timestamp_begin : model_.dimensions().vocabulary_size);

    std::optional<StartedStep> last;
    for (int started = 1;; ++started) {
      std::optional<StartedStep> next;
      if (started < request_.max_tokens) {
        std::vector<int> lengths, indices;
        for (auto& row : active_) {
          lengths.push_back(row.length++);
          indices.push_back(row.index);
        }
        const auto logits = session_.start_step(rows.token, lengths);
        const auto choice = chooser.choose(logits, rows, suppressed, speech_until(started), noise(started));
        mx::async_eval(choice.rows.token, choice.logprob);
        next = StartedStep{indices, choice.rows.token, choice.logprob};
        rows = choice.rows;
      }
      if (last) read(*last);
      if (!next ||
          std::ranges::all_of(active_, [&](const auto& row) { return row.last_token == request_.end_of_text; }))
        return;
      last = std::move(next);
      leave_together(rows);
    }
  }

  /// Adds a step's tokens to the texts that are not finished.
  void read(StartedStep& step) {
    wait_for({step.tokens, step.logprobs}, model_.decode_time);
    notice_cancelled();
    for (size_t i = 0; i < step.rows.size(); ++i) {
      const auto row = std::ranges::find(active_, step.rows[i], &ActiveRow::index);
      if (row == active_.end() || row->last_token == request_.end_of_text) continue;
      auto& result = results_[row->index];
      const int token = step.tokens.data<int>()[i];
      result.sum_logprob += step.logprobs.data<float>()[i];
      row->last_token = token;
      if (token != request_.end_of_text) {
        result.tokens.push_back(token);
        on_token_(row->index, token);
      }
      const auto length = request_.rows[row->index].prompt.tokens.size() + result.tokens.size();
      if (static_cast<int>(length) > text_context_ || result.cancelled) row->last_token = request_.end_of_text;
    }
  }

  void leave_together(SampledRows& rows) {
    const auto kept = places_where([&](const ActiveRow& row) { return row.last_token != request_.end_of_text; });
    const size_t finished = active_.size() - kept.size();
    if (finished * 4 < active_.size() || finished == 0) return;
    keep(kept);
    rows = select(rows, mx::array(kept.begin(), {static_cast<int>(kept.size())}));
  }

  /// [rows, 1]. Before the first step no text has begun: what is no speech may end there.
  mx::array speech_until(int step) const {
    std::vector<int> tokens;
    for (const auto& row : active_) tokens.push_back(step > 1 ? request_.rows[row.index].prompt.speech_until : 0);
    return mx::array(tokens.begin(), {static_cast<int>(tokens.size()), 1}, mx::int32);
  }

  /// Gumbel noise times each row's temperature; nothing when all rows are greedy.
  std::optional<mx::array> noise(int step) const {
    const auto temperature = [&](const ActiveRow& row) { return request_.rows[row.index].temperature; };
    if (std::ranges::all_of(active_, [&](const auto& row) { return temperature(row) <= 0; })) return std::nullopt;
    const mx::Shape shape{1, model_.dimensions().vocabulary_size};
    std::vector<mx::array> values;
    for (const auto& row : active_) {
      if (temperature(row) <= 0) {
        values.push_back(mx::zeros(shape, mx::float32));
        continue;
      }
      constexpr uint64_t kSpread = 0x9e3779b97f4a7c15;
      const auto key = mx::random::key(request_.rows[row.index].seed + kSpread * static_cast<uint64_t>(step));
      values.push_back(mx::random::gumbel(shape, mx::float32, key) * mx::array(temperature(row)));
    }
    return mx::concatenate(values, 0);
  }

  /// Reads every prompt once and samples the first token of each row that starts from one.
  void begin() {
    std::vector<int> sources;
    const int prompt_count = static_cast<int>(prompts_.size());
    for (int first = 0; first < prompt_count;) {
      auto [count, logits] = session_.read_prompts(first);
      for (int i = 0; i < count; ++i) {
        const int begun = begin_rows(prompts_[first + i], logits.row(2 * i), logits.row(2 * i + 1));
        sources.insert(sources.end(), begun, first + i);
      }
      first += count;
    }
    if (prompts_.size() < active_.size()) session_.select(sources);
    drop_finished();
  }

  /// The rows that start from this prompt; how many. Logits at its start of transcript and after it.
  int begin_rows(const Prompt& prompt, std::span<const float> at_start, std::span<const float> after) {
    int begun = 0;
    for (size_t index = 0; index < request_.rows.size(); ++index) {
      const auto& row = request_.rows[index];
      if (row.prompt != prompt) continue;
      if (request_.no_speech) results_[index].no_speech_prob = softmax_at(at_start, *request_.no_speech);
      std::vector<float> own(after.begin(), after.end());
      active_.push_back(
          {static_cast<int>(index), static_cast<int>(prompt.tokens.size()), 0, std::mt19937_64(row.seed)});
      choose(active_.back(), own);
      ++begun;
    }
    return begun;
  }

  void choose(ActiveRow& row, std::span<float> logits) {
    auto& result = results_[row.index];
    const auto& prompt = request_.rows[row.index].prompt;
    apply_logit_filters(request_.filters, prompt.speech_until, result.tokens, logits);
    const auto next = sample(logits, request_.rows[row.index].temperature, row.random);
    result.sum_logprob += next.logprob;
    row.last_token = next.token;
    if (next.token == request_.end_of_text) return;
    result.tokens.push_back(next.token);
    ++row.length;
    on_token_(row.index, next.token);
  }

  /// OpenAI stops at the end of text and when a text would outgrow the context.
  bool finished(const ActiveRow& row) const {
    return row.last_token == request_.end_of_text || row.length > text_context_ || results_[row.index].cancelled;
  }

  void notice_cancelled() {
    for (const auto& row : active_) {
      const auto& cancellation = request_.rows[row.index].cancellation;
      if (cancellation && cancellation->cancelled()) results_[row.index].cancelled = true;
    }
  }

  void drop_finished() {
    notice_cancelled();
    const auto kept = places_where([&](const ActiveRow& row) { return !finished(row); });
    if (kept.size() != active_.size()) keep(kept);
  }

  template <typename Predicate>
  std::vector<int> places_where(Predicate goes_on) const {
    std::vector<int> places;
    for (size_t i = 0; i < active_.size(); ++i) {
      if (goes_on(active_[i])) places.push_back(static_cast<int>(i));
    }
    return places;
  }

  /// Leaves only the rows in these places in the batch.
  void keep(const std::vector<int>& places) {
    std::vector<ActiveRow> active;
    for (const int place : places) active.push_back(active_[place]);
    active_ = std::move(active);
    if (!active_.empty()) session_.select(places);
  }

  Model& model_;
  const int text_context_;
  const DecodeRequest& request_;
  const std::function<void(int, int)>& on_token_;
  const std::vector<Prompt> prompts_;
  DecodeSession session_;
  std::vector<DecodeResult> results_;
  std::vector<ActiveRow> active_;
};

}  // namespace

std::vector<DecodeResult> decode_rows(Model& model, const DecodeRequest& request,
                                      const std::function<void(int, int)>& on_token, const Cancellation& cancellation) {
  check_inputs(model.dimensions(), request);
  if (request.max_tokens == 0 || request.rows.empty()) return std::vector<DecodeResult>(request.rows.size());
  const DecodeClock clock(model.decode_time);
  return RowDecoder(model, request, on_token, cancellation).run();
}

}  // namespace hearth::whisper
