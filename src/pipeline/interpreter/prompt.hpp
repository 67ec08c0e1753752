// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/stop.hpp"

namespace cupel::pipeline {

/// One thing that a person is asked for.
struct PromptParameter {
  std::string name;
  enum class Kind { text, flag, choice, password } kind = Kind::text;
  std::string description;
  std::string otherwise;             ///< taken where nothing is answered
  std::vector<std::string> choices;  ///< of Kind::choice; the first is taken where nothing is said
};

/// What an `input` asks.
struct Question {
  std::string id;
  std::string message;
  std::string ok = "Proceed";  ///< the word that lets it go on
  std::vector<PromptParameter> parameters;
  std::string submitter;  ///< who may answer, as written; for people
};

struct PromptAnswer {
  enum class Decision { proceed, abort } decision = Decision::proceed;
  std::vector<std::pair<std::string, std::string>> values;  ///< one for each parameter
  std::string submitter;
};

/// Who answers questions. Any thread; one question is asked at a time.
class Prompts {
 public:
  virtual ~Prompts() = default;
  /// Blocks until somebody answers. unavailable: nobody can; the text says how to answer
  /// beforehand. invalid: an answer given beforehand does not fit.
  virtual Result<PromptAnswer> ask(const Question& question, const Stop& stop) = 0;
};

}  // namespace cupel::pipeline
