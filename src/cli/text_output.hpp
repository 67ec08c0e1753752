// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/stop.hpp"

namespace cupel::cli {

/// A stream of text to a terminal, pipe or file that others may share, so it stays blocking; yet no
/// reader can hold us up for ever: once `stop` is requested, each write has `patience`. When the
/// reader is gone, what follows is dropped: the run goes on, its log is complete. One thread.
class TextOutput {
 public:
  static constexpr std::chrono::seconds patience{5};
  TextOutput(int fd, Stop stop) : fd_(fd), stop_(std::move(stop)) {}

  void write(std::string_view text);
  /// Everything so far was taken.
  bool intact() const { return intact_; }

 private:
  Result<> wait_until_writable();

  int fd_;
  Stop stop_;
  bool intact_ = true;
};

}  // namespace cupel::cli
