// SPDX-License-Identifier: Apache-2.0
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "os/process.hpp"
#include "os/wait.hpp"

namespace cupel::os {

namespace {

constexpr std::size_t chunk = std::size_t{64} << 10;

/// One output of a process, kept up to a limit.
struct Kept {
  Fd fd;
  std::string text;

  /// Takes what is there; closes at the end of the stream. True if something was there.
  bool take(std::size_t limit) {
    std::array<char, chunk> buffer;
    const auto got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got <= 0) {
      fd.reset();
      return false;
    }
    text.append(buffer.data(), std::min(static_cast<std::size_t>(got), limit - text.size()));
    return true;
  }
};

/// Writes a piece; closes when all is written or nobody reads.
void give(Fd& fd, std::string_view& input) {
  // A writable pipe has room for that much, so it does not block.
  const auto piece = input.substr(0, PIPE_BUF);
  const auto written = write_all(fd, piece, Stop{});
  input.remove_prefix(piece.size());
  if (!written || input.empty()) fd.reset();
}

}  // namespace

Result<Captured> capture(Spawn spawn, std::string_view input, const Stop& stop, std::size_t limit) {
  auto in = TRY(make_pipe());
  auto out = TRY(make_pipe());
  auto err = TRY(make_pipe());
  spawn.in = std::move(in.read);
  spawn.out = std::move(out.write);
  spawn.err = std::move(err.write);
  for (const auto* fd : {&in.write, &out.read, &err.read}) TRY(set_nonblocking(*fd));
  auto process = TRY(Process::spawn(std::move(spawn)));

  std::array<Kept, 2> kept{{{std::move(out.read), {}}, {std::move(err.read), {}}}};
  if (input.empty()) in.write.reset();
  for (bool ended = false; !ended;) {
    std::array<Watched, 4> watched{{{process.pidfd().get(), POLLIN},
                                    {in.write.get(), POLLOUT},
                                    {kept[0].fd.get(), POLLIN},
                                    {kept[1].fd.get(), POLLIN}}};
    TRY(wait(watched, stop));
    ended = watched[0].ready != 0;
    if (watched[1].ready != 0) give(in.write, input);
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (watched[i + 2].ready != 0) kept[i].take(limit);
  }
  for (auto& stream : kept)
    while (stream.fd && stream.take(limit)) TRY(stop.check());
  const auto exit = TRY(process.wait(stop));
  return Captured{exit, std::move(kept[0].text), std::move(kept[1].text)};
}

}  // namespace cupel::os
