// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pipeline/interpreter/prompt.hpp"

namespace cupel::pipeline {

/// Answers that were given beforehand: ID=VALUE, ID.PARAMETER=VALUE, ID=abort. Whatever they do not
/// answer is asked of `next`, if there is one. Ids are compared without regard to upper case, as
/// Jenkins makes their first letter one.
class GivenAnswers final : public Prompts {
 public:
  /// Borrows `next`; `giver` is the name of who answers. invalid: a word is not of that form.
  static Result<GivenAnswers> parse(const std::vector<std::string>& words, std::string giver,
                                    Prompts* next);

  Result<PromptAnswer> ask(const Question& question, const Stop& stop) override;

 private:
  GivenAnswers(std::string giver, Prompts* next) : giver_(std::move(giver)), next_(next) {}
  std::map<std::string, std::string> answers_;  // by "id" or "id.parameter", the id in lower case
  std::string giver_;
  Prompts* next_;
};

/// The value for one parameter, or what is wrong with it.
Result<std::string> checked_answer(const PromptParameter& parameter, const std::string& text);

}  // namespace cupel::pipeline
