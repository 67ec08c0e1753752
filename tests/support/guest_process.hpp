// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>

#include "machine/guest_program.hpp"
#include "os/files.hpp"
#include "os/process.hpp"

namespace cupel {

/// The real guest program on this host, serving one conversation over a socket pair. As the user
/// that the tests run as, or as another one.
class GuestProcess {
 public:
  static Result<GuestProcess> spawn(std::optional<os::Credentials> credentials = std::nullopt) {
    auto directory = TRY(os::TempDir::make("guest"));
    const auto program = directory.path() / "guest";
    TRY(os::write_file(program, machine::guest_program(), 0755));
    ::chmod(directory.path().c_str(), 0755);
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
      return fail_errno(errno, "make a socket pair");
    const os::Fd theirs(ends[1]);
    os::Fd ours(ends[0]);
    os::Spawn spawn;
    spawn.argv = {program.string(), "--fd", std::to_string(theirs.get())};
    spawn.keep = {theirs.get()};
    spawn.credentials = std::move(credentials);
    spawn.err = TRY(os::duplicate(2));
    auto process = TRY(os::Process::spawn(std::move(spawn)));
    return GuestProcess(std::move(directory), std::move(process), std::move(ours));
  }

  GuestProcess(GuestProcess&&) = default;
  GuestProcess& operator=(GuestProcess&&) = delete;
  /// Lets it end what it started, for which it must see the end of the conversation.
  ~GuestProcess() {
    socket_.reset();
    if (process_) static_cast<void>(process_->wait(Stop{}.within(std::chrono::seconds(10))));
  }

  /// Our end of the conversation; once.
  os::Fd take_socket() { return std::move(socket_); }
  os::Process& process() { return *process_; }

 private:
  GuestProcess(os::TempDir directory, os::Process process, os::Fd socket)
      : directory_(std::move(directory)),
        process_(std::make_unique<os::Process>(std::move(process))),
        socket_(std::move(socket)) {}
  os::TempDir directory_;
  std::unique_ptr<os::Process> process_;  // empty once moved from
  os::Fd socket_;
};

}  // namespace cupel
