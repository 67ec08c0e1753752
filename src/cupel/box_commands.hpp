// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "cupel/surroundings.hpp"
#include "machine/box_progress.hpp"

namespace cupel {

/// Lines for people about a build that goes on: each step, and within one each tenth.
class BoxNews {
 public:
  explicit BoxNews(std::string box) : box_(std::move(box)) {}
  std::optional<std::string> next(const machine::BoxProgress& now);

 private:
  std::string box_;
  int step_ = -1;
  std::string text_;
  int tenths_ = 0;
};

/// `cupel box ...`. The exit status.
int build_box(const cli::BoxBuildCommand& command, const Surroundings& surroundings);
int list_boxes(const Surroundings& surroundings);
int remove_box(const cli::BoxRemoveCommand& command, const Surroundings& surroundings);

}  // namespace cupel
