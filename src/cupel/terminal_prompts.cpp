// SPDX-License-Identifier: Apache-2.0
#include "cupel/terminal_prompts.hpp"

#include "base/text.hpp"
#include "os/terminal.hpp"
#include "pipeline/interpreter/given_answers.hpp"

namespace cupel {

using Kind = pipeline::PromptParameter::Kind;

Result<pipeline::PromptAnswer> TerminalPrompts::ask(const pipeline::Question& question,
                                                    const Stop& stop) {
  {
    auto busy = TRY(busy_.wait(stop, [](bool now) { return !now; }));
    *busy = true;
  }
  auto answer = ask_alone(question, stop);
  *busy_.lock() = false;
  busy_.notify();
  return answer;
}

Result<pipeline::PromptAnswer> TerminalPrompts::ask_alone(const pipeline::Question& question,
                                                          const Stop& stop) {
  pipeline::PromptAnswer answer;
  answer.submitter = user_;
  const auto message = printable(question.message);
  for (;;) {
    say_(fmt::format("{}\n  {}: press Enter, or type 'abort': ", message, printable(question.ok)));
    const auto word = lower(trim(TRY(read_line(stop))));
    if (word == "abort" || word == "no" || word == "n") {
      answer.decision = pipeline::PromptAnswer::Decision::abort;
      return answer;
    }
    if (word.empty() || word == "y" || word == "yes" || word == "proceed" ||
        word == lower(question.ok))
      break;
    say_(fmt::format("'{}' is neither\n", printable(word)));
  }
  for (const auto& parameter : question.parameters)
    answer.values.emplace_back(parameter.name, TRY(value_of(parameter, stop)));
  return answer;
}

Result<std::string> TerminalPrompts::value_of(const pipeline::PromptParameter& parameter,
                                              const Stop& stop) {
  auto otherwise = parameter.otherwise;
  if (parameter.kind == Kind::choice && otherwise.empty() && !parameter.choices.empty())
    otherwise = parameter.choices.front();
  std::string hint;
  if (parameter.kind == Kind::choice) hint = " (" + join(parameter.choices, ", ") + ")";
  if (parameter.kind == Kind::flag) hint = " (true, false)";
  for (;;) {
    if (!parameter.description.empty()) say_("  " + printable(parameter.description) + "\n");
    const auto shown = parameter.kind == Kind::password ? std::string() : otherwise;
    say_(
        fmt::format("  {}{} [{}]: ", printable(parameter.name), printable(hint), printable(shown)));
    auto line = TRY(parameter.kind == Kind::password ? read_secret(stop) : read_line(stop));
    auto value = pipeline::checked_answer(parameter, line.empty() ? otherwise : line);
    if (value) return value;
    say_(printable(value.error().text()) + "\n");
  }
}

Result<std::string> TerminalPrompts::read_secret(const Stop& stop) {
  // What is no terminal shows nothing anyway.
  const auto silent = os::RawMode::without_echo(input_.get());
  auto line = TRY(read_line(stop));
  if (silent) say_("\n");
  return line;
}

Result<std::string> TerminalPrompts::read_line(const Stop& stop) {
  for (;;) {
    const auto end = rest_.find('\n');
    if (end != std::string::npos) {
      auto line = rest_.substr(0, end);
      rest_.erase(0, end + 1);
      return line;
    }
    const auto bytes = TRY(os::read_some(input_, 4096, stop));
    if (bytes.empty()) return fail(Fault::unavailable, "the terminal was closed");
    rest_ += bytes;
  }
}

}  // namespace cupel
