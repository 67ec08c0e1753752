// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"
#include "cli/marks.hpp"
#include "pipeline/interpreter/events.hpp"

namespace cupel::cli {

/// The progress line at the bottom of a terminal: what runs now, and for how long. It is never
/// wider than the terminal, so that one row is to be erased. One thread at a time.
class Footer {
 public:
  struct Senses {
    std::function<SteadyTime()> now;
    std::function<std::size_t()> columns;
  };
  Footer(Marks marks, Senses senses);

  void stage_started(const pipeline::StagePath& path);
  void stage_finished(const pipeline::StagePath& path);
  void step_started(const pipeline::StagePath& path, std::string_view step, std::string_view label);

  /// The bytes that draw it where the cursor is, or erase it.
  std::string draw();
  std::string erase();

 private:
  struct Active {
    pipeline::StagePath path;
    SteadyTime since;
    std::string step;
  };
  std::string text() const;

  Marks marks_;
  Senses senses_;
  SteadyTime start_;
  std::vector<Active> active_;
  std::size_t turns_ = 0;
  bool drawn_ = false;
};

}  // namespace cupel::cli
