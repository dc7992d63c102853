#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "device_chooser.h"
#include "drafting.h"
#include "model.h"
#include "reading.h"
#include "sampled_text.h"
#include "text.h"

namespace hearth::whisper {

/// Texts that are decoded together. They join a running decode at its next step and leave it as they end.
class DecodeBatch {
 public:
  explicit DecodeBatch(Model& model);

  void add(std::shared_ptr<Text> text);
  /// A text that is given up.
  void remove(const Text& text);
  bool is_empty() const { return waiting_.empty() && members_.empty(); }
  /// Whether the next step reads prompts.
  bool has_waiting() const { return !waiting_.empty(); }
  bool is_waiting(const Text& text) const;
  /// Gives all up.
  void clear();

  /// Reads the prompts and drafts of texts that wait, those of one length together, or else has every text take a
  /// token, or more where its draft is right. The texts that ended.
  std::vector<std::shared_ptr<Text>> step();

 private:
  /// A text and its rows, which follow those of the member before it.
  struct Member {
    std::shared_ptr<Text> text;  ///< null when it has left, and its row takes part in vain
    int rows;
  };
  /// A step of the device that was not read yet.
  struct StartedStep {
    std::vector<std::shared_ptr<SampledText>> texts;  ///< of each row
    mlx::core::array tokens;                          ///< [rows, 1]
    mlx::core::array logprobs;
  };
  using Texts = std::vector<std::shared_ptr<Text>>;

  void join(Texts& ended);
  void step_and_read(Texts& ended);
  void step_with_guesses(Texts& ended);
  std::vector<std::shared_ptr<SampledText>> greedy_texts() const;
  bool has_drafts() const;
  int longest_draft() const;
  mlx::core::array read_with_drafts(int positions_each);
  void step_on_device(Texts& ended);
  std::optional<StartedStep> start_on_device();
  void read(const StartedStep& step, Texts& ended);
  void settle(Texts& ended);
  void drop_left();
  void drop_all_rows();
  void select(const std::vector<int>& sources, int count);
  void forget(const std::vector<int>& positions);
  int rows() const;
  bool chooses_first_on_device(std::span<const Reading> readings) const;
  bool chooses_on_device() const;

  Model& model_;
  std::unique_ptr<AttentionState> state_;
  Texts waiting_;
  std::vector<Member> members_;
  std::optional<StartedStep> started_;
  std::optional<SampledRows> sampled_;  ///< what was chosen last, on the device
  DeviceChooser chooser_;
  std::optional<Drafting> drafting_;  ///< with a smaller model
};

}  // namespace hearth::whisper
