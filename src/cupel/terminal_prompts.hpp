// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/locked.hpp"
#include "os/fd.hpp"
#include "pipeline/interpreter/prompt.hpp"

namespace cupel {

/// Asks the person at the terminal. Any thread; one question at a time.
class TerminalPrompts final : public pipeline::Prompts {
 public:
  using Say = std::function<void(std::string_view text)>;
  /// Reads lines from `input`; `user` is who answers.
  TerminalPrompts(os::Fd input, Say say, std::string user)
      : input_(std::move(input)), say_(std::move(say)), user_(std::move(user)) {}

  Result<pipeline::PromptAnswer> ask(const pipeline::Question& question, const Stop& stop) override;

 private:
  Result<pipeline::PromptAnswer> ask_alone(const pipeline::Question& question, const Stop& stop);
  Result<std::string> value_of(const pipeline::PromptParameter& parameter, const Stop& stop);
  Result<std::string> read_line(const Stop& stop);
  /// The same without showing what is typed.
  Result<std::string> read_secret(const Stop& stop);

  os::Fd input_;
  Say say_;
  std::string user_;
  std::string rest_;  // read behind the last line
  Locked<bool> busy_;
};

}  // namespace cupel
