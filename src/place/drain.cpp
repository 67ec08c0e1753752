// SPDX-License-Identifier: Apache-2.0
#include "place/drain.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/check.hpp"
#include "os/wait.hpp"

namespace cupel::place {

namespace {

/// False at the end of the stream.
bool read_away(const os::Fd& fd) {
  std::array<char, 64 << 10> buffer;
  const auto got = ::read(fd.get(), buffer.data(), buffer.size());
  return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

}  // namespace

Drain::Drain() : crew_(Stop{}) {
  auto pipe = os::make_pipe();
  CHECK(pipe, "out of file descriptors");
  wake_ = std::move(*pipe);
}

Drain::~Drain() {
  crew_.stop();
  static_cast<void>(crew_.join());
}

void Drain::adopt(os::Fd output) {
  auto inbox = inbox_.lock();
  inbox->fds.push_back(std::move(output));
  static_cast<void>(os::write_all(wake_.write, "+", Stop{}));
  if (std::exchange(inbox->started, true)) return;
  crew_.add("drain", [this](const Stop& stop) { return serve(stop); });
}

Result<> Drain::serve(const Stop& stop) {
  std::vector<os::Fd> fds;
  for (;;) {
    std::vector<os::Watched> watched{{wake_.read.get(), POLLIN}};
    for (const auto& fd : fds) watched.push_back({fd.get(), POLLIN});
    TRY(os::wait(watched, stop));
    for (std::size_t i = 0; i < fds.size(); ++i)
      if (watched[i + 1].ready != 0 && !read_away(fds[i])) fds[i].reset();
    std::erase_if(fds, [](const os::Fd& fd) { return !fd; });
    if (watched[0].ready == 0) continue;
    read_away(wake_.read);
    auto inbox = inbox_.lock();
    for (auto& fd : inbox->fds) fds.push_back(std::move(fd));
    inbox->fds.clear();
  }
}

}  // namespace cupel::place
