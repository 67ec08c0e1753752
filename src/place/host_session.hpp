// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/locked.hpp"
#include "place/drain.hpp"
#include "place/place.hpp"

namespace cupel::place {

/// A command on this host: a process whose tree is known by its cookie.
class HostSession final : public Session {
 public:
  /// Our ends of the command's streams. A terminal's master is in `out` and, again, in `in`.
  struct Streams {
    Command::Streams kind = Command::Streams::apart;
    os::Fd in, out, err;
  };

  /// `drain` must outlive it.
  HostSession(os::Process process, Streams streams, std::string input, OutputSink sink,
              std::string cookie, Drain& drain);
  ~HostSession() override;

  Result<os::Exit> wait(const Stop& stop) override;
  Result<> write(std::string_view bytes, const Stop& stop) override;
  Result<> close_input() override;
  Result<> resize(os::WindowSize size) override;
  Result<> signal(int number) override;
  Result<> kill_tree(Duration grace, const Stop& stop) override;

 private:
  struct Source {
    os::Fd fd;
    Stream stream;
  };

  Result<> pump_until_end(const Stop& stop);
  /// True if something was there.
  bool deliver(Source& source);
  void deliver_rest();
  void feed();

  int pidfd_;  // of process_, whose place does not change
  Locked<os::Process> process_;
  Command::Streams kind_;
  os::Fd input_fd_;  // of the waiting thread
  os::Fd terminal_;  // of those who write; no one changes it
  std::string input_;
  std::size_t fed_ = 0;
  std::array<Source, 2> sources_;
  OutputSink sink_;
  std::string cookie_;
  Drain& drain_;
  std::optional<os::Exit> exit_;
};

}  // namespace cupel::place
