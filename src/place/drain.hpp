// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "os/fd.hpp"

namespace cupel::place {

/// Reads and forgets what processes in the background still write, so that they neither block nor
/// die of a closed pipe. Until destroyed. Any thread.
class Drain {
 public:
  Drain();
  ~Drain();
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

  void adopt(os::Fd output);

 private:
  struct Inbox {
    std::vector<os::Fd> fds;
    bool started = false;
  };
  Result<> serve(const Stop& stop);

  os::Pipe wake_;
  Locked<Inbox> inbox_;
  Crew crew_;  // last: its thread uses the others
};

}  // namespace cupel::place
