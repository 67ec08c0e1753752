// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/given_answers.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cupel::pipeline {
namespace {

/// How the question could be answered beforehand, for the message that nobody did.
std::string hint(const Question& question) {
  const auto id = lower(question.id);
  if (question.parameters.empty()) return "--answer " + id + "=proceed";
  if (question.parameters.size() == 1) return "--answer " + id + "=VALUE";
  std::string text;
  for (const auto& parameter : question.parameters)
    text += (text.empty() ? "--answer " : " --answer ") + id + "." + parameter.name + "=VALUE";
  return text;
}

bool lets_proceed(const Question& question, const std::string& answer) {
  const auto word = lower(answer);
  return word == "proceed" || word == "ok" || word == "yes" || word == "true" ||
         word == lower(question.ok);
}

}  // namespace

Result<std::string> checked_answer(const PromptParameter& parameter, const std::string& text) {
  if (parameter.kind == PromptParameter::Kind::flag) {
    const auto word = lower(text);
    if (word == "true" || word == "yes") return std::string("true");
    if (word == "false" || word == "no") return std::string("false");
    return fail(Fault::invalid, "'{}' must be true or false, not '{}'", parameter.name, text);
  }
  if (parameter.kind == PromptParameter::Kind::choice &&
      std::find(parameter.choices.begin(), parameter.choices.end(), text) ==
          parameter.choices.end())
    return fail(Fault::invalid, "'{}' must be one of {}, not '{}'", parameter.name,
                join(parameter.choices, ", "), text);
  return text;
}

Result<GivenAnswers> GivenAnswers::parse(const std::vector<std::string>& words, std::string giver,
                                         Prompts* next) {
  GivenAnswers given(std::move(giver), next);
  for (const auto& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(Fault::invalid, "--answer {}: an answer is ID=VALUE or ID.PARAMETER=VALUE",
                  printable(word));
    const auto name = word.substr(0, equals);
    const auto dot = name.find('.');
    const auto id = lower(name.substr(0, dot));
    given.answers_[dot == std::string::npos ? id : id + name.substr(dot)] = word.substr(equals + 1);
  }
  return given;
}

Result<PromptAnswer> GivenAnswers::ask(const Question& question, const Stop& stop) {
  const auto id = lower(question.id);
  const auto of_all = answers_.find(id);
  bool given = of_all != answers_.end();
  PromptAnswer answer;
  answer.submitter = giver_;
  if (given && lower(of_all->second) == "abort") {
    answer.decision = PromptAnswer::Decision::abort;
    return answer;
  }
  if (given && question.parameters.empty() && !lets_proceed(question, of_all->second))
    return fail(Fault::invalid, "--answer {}={}: the input '{}' takes proceed or abort", id,
                of_all->second, question.id);
  for (const auto& parameter : question.parameters) {
    const auto own = answers_.find(id + "." + parameter.name);
    auto text = parameter.otherwise;
    if (parameter.kind == PromptParameter::Kind::choice && !parameter.choices.empty() &&
        text.empty())
      text = parameter.choices.front();
    if (own != answers_.end()) {
      given = true;
      text = own->second;
    } else if (of_all != answers_.end() && question.parameters.size() == 1) {
      text = of_all->second;
    }
    answer.values.emplace_back(parameter.name,
                               TRY(checked_answer(parameter, text), "--answer {}", id));
  }
  if (given) return answer;
  if (next_) return next_->ask(question, stop);
  return fail(Fault::unavailable,
              "nobody can answer the input '{}' (\"{}\"): there is no terminal; answer it "
              "beforehand with {}",
              question.id, question.message, hint(question));
}

}  // namespace cupel::pipeline
