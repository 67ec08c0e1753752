// SPDX-License-Identifier: Apache-2.0
#include "place/host_session.hpp"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "os/wait.hpp"
#include "place/process_tree.hpp"

namespace cupel::place {

namespace {

using namespace std::chrono_literals;

/// What a pipe can hold at most, so that a daemon that writes for ever does not keep us.
constexpr std::size_t most_rest = std::size_t{1} << 20;

}  // namespace

HostSession::HostSession(os::Process process, Streams streams, std::string input, OutputSink sink,
                         std::string cookie, Drain& drain)
    : pidfd_(process.pidfd().get()),
      process_(std::move(process)),
      kind_(streams.kind),
      input_(std::move(input)),
      // Where both have bytes, what a shell traces with -x comes before what it traces.
      sources_{{{std::move(streams.err), Stream::err}, {std::move(streams.out), Stream::out}}},
      sink_(std::move(sink)),
      cookie_(std::move(cookie)),
      drain_(drain) {
  if (kind_ == Command::Streams::terminal) {
    terminal_ = std::move(streams.in);
    if (auto copy = os::duplicate(terminal_.get())) input_fd_ = std::move(*copy);
  } else {
    input_fd_ = std::move(streams.in);
  }
}

HostSession::~HostSession() {
  if (!exit_) static_cast<void>(kill_tree(0s, Stop{}.within(10s)));
  for (auto& source : sources_)
    if (source.fd) drain_.adopt(std::move(source.fd));
}

Result<os::Exit> HostSession::wait(const Stop& stop) {
  if (exit_) return *exit_;
  TRY(pump_until_end(stop));
  deliver_rest();
  exit_ = TRY(process_.lock()->wait(Stop{}));  // it has ended: this does not block
  return *exit_;
}

Result<> HostSession::pump_until_end(const Stop& stop) {
  for (bool ended = false; !ended;) {
    const bool feeding = input_fd_ && fed_ < input_.size();
    std::array<os::Watched, 4> watched{{{pidfd_, POLLIN},
                                        {feeding ? input_fd_.get() : -1, POLLOUT},
                                        {sources_[0].fd.get(), POLLIN},
                                        {sources_[1].fd.get(), POLLIN}}};
    TRY(os::wait(watched, stop));
    ended = watched[0].ready != 0;
    if (watched[1].ready != 0) feed();
    for (std::size_t i = 0; i < sources_.size(); ++i)
      if (watched[i + 2].ready != 0) deliver(sources_[i]);
  }
  return {};
}

void HostSession::feed() {
  // The pipe is writable, so it takes that much without blocking.
  const auto piece = std::string_view(input_).substr(fed_, PIPE_BUF);
  const auto written = os::write_all(input_fd_, piece, Stop{});
  fed_ += piece.size();
  // Nobody reads, or all is said.
  if (!written || fed_ == input_.size()) input_fd_.reset();
}

bool HostSession::deliver(Source& source) {
  std::array<char, 64 << 10> buffer;
  const auto got = ::read(source.fd.get(), buffer.data(), buffer.size());
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (got <= 0) {
    source.fd.reset();
    return false;
  }
  sink_(source.stream, std::string_view(buffer.data(), static_cast<std::size_t>(got)));
  return true;
}

void HostSession::deliver_rest() {
  for (auto& source : sources_) {
    for (std::size_t reads = 0; source.fd && reads < most_rest / PIPE_BUF; ++reads)
      if (os::ready_now(source.fd, POLLIN) == 0 || !deliver(source)) break;
  }
}

Result<> HostSession::write(std::string_view bytes, const Stop& stop) {
  if (!terminal_) return fail(Fault::conflict, "the command has no terminal to write to");
  return os::write_all(terminal_, bytes, stop);
}

Result<> HostSession::close_input() {
  // A terminal has no end to close: the character for it tells the reader.
  if (terminal_) return os::write_all(terminal_, "\x04", Stop{}.within(1s));
  return {};
}

Result<> HostSession::resize(os::WindowSize size) {
  if (!terminal_) return fail(Fault::conflict, "the command has no terminal to resize");
  return os::resize(terminal_, size);
}

Result<> HostSession::signal(int number) {
  process_.lock()->signal(number);
  return {};
}

Result<> HostSession::kill_tree(Duration grace, const Stop& stop) {
  process_.lock()->signal(SIGTERM);
  os::Watched watched[] = {{pidfd_, POLLIN}};
  const auto grace_end = stop.within(grace);
  auto ended = end_cookie_holders(cookie_, grace, stop);
  // The first process may have changed its cookie; it is ours all the same.
  if (!os::wait(watched, grace_end)) {
    process_.lock()->signal(SIGKILL);
    TRY(os::wait(watched, stop), "wait for the command's end");
  }
  return ended;
}

}  // namespace cupel::place
