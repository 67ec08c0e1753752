// SPDX-License-Identifier: Apache-2.0
#include "os/socket.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "os/wait.hpp"

namespace cupel::os {

namespace {

using namespace std::chrono_literals;

/// A socket address for a path of any length: a long one is named by its directory's descriptor.
struct Address {
  sockaddr_un name{};
  Fd directory;
};

Result<Address> address_of(const std::string& path) {
  Address address;
  address.name.sun_family = AF_UNIX;
  std::string text = path;
  if (text.size() >= sizeof address.name.sun_path) {
    const auto slash = path.rfind('/');
    const auto parent = slash == std::string::npos ? std::string(".") : path.substr(0, slash + 1);
    address.directory = TRY(open_file(parent, O_PATH | O_DIRECTORY));
    text = fmt::format("/proc/self/fd/{}/{}", address.directory.get(), path.substr(slash + 1));
  }
  if (path.empty() || text.size() >= sizeof address.name.sun_path)
    return fail(Fault::invalid, "no socket can be named {:?}", path);
  std::copy(text.begin(), text.end(), std::begin(address.name.sun_path));
  return address;
}

Result<Fd> make_socket() {
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return fail_errno(errno, "make a socket");
  return fd;
}

/// 0 or the errno value of connect(2).
int try_connect(const Fd& fd, const Address& address) {
  const auto* generic = reinterpret_cast<const sockaddr*>(&address.name);
  return ::connect(fd.get(), generic, sizeof address.name) == 0 ? 0 : errno;
}

bool may_come(int error_number) {
  return error_number == ENOENT || error_number == ECONNREFUSED || error_number == EAGAIN ||
         error_number == EINTR;
}

/// True if nobody listens behind the socket file.
bool is_dead(const Address& address) {
  auto fd = make_socket();
  return fd && try_connect(*fd, address) == ECONNREFUSED;
}

}  // namespace

Result<Fd> connect_unix(const std::string& path, const Stop& stop) {
  Duration pause = 1ms;
  for (;;) {
    auto fd = TRY(make_socket());
    auto address = address_of(path);
    // The directory of a long path may be still to come, too.
    if (!address && address.error().fault() != Fault::not_found)
      return tl::unexpected<Error>(std::move(address.error()));
    const int error_number = address ? try_connect(fd, *address) : ENOENT;
    if (error_number == 0) return fd;
    if (!may_come(error_number)) return fail_errno(error_number, "connect to {}", path);
    TRY(sleep(pause, stop), "connect to {}: {}", path, errno_text(error_number));
    pause = std::min<Duration>(pause * 2, 50ms);
  }
}

Result<Fd> listen_unix(const std::string& path) {
  const auto address = TRY(address_of(path), "listen on {}", path);
  auto fd = TRY(make_socket());
  const auto* generic = reinterpret_cast<const sockaddr*>(&address.name);
  int bound = ::bind(fd.get(), generic, sizeof address.name);
  if (bound != 0 && errno == EADDRINUSE) {
    if (!is_dead(address)) return fail(Fault::conflict, "somebody listens on {} already", path);
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
    bound = ::bind(fd.get(), generic, sizeof address.name);
  }
  if (bound != 0 || ::listen(fd.get(), SOMAXCONN) != 0)
    return fail_errno(errno, "listen on {}", path);
  return fd;
}

Result<Fd> accept(const Fd& listener, const Stop& stop) {
  for (;;) {
    std::array<Watched, 1> watched{{{listener.get(), POLLIN}}};
    TRY(wait(watched, stop));
    Fd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (fd) return fd;
    if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
      return fail_errno(errno, "accept a connection");
  }
}

Result<> LineSocket::send(std::string_view line, const Stop& stop) {
  std::string text(line);
  text += '\n';
  return write_all(socket_, text, stop);
}

Result<std::string> LineSocket::receive(const Stop& stop, std::size_t limit) {
  std::size_t searched = 0;
  for (;;) {
    const auto end = buffer_.find('\n', searched);
    if (end != std::string::npos && end <= limit) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      if (!line.empty() && line.back() == '\r') line.pop_back();
      return line;
    }
    searched = buffer_.size();
    if (searched > limit) return fail(Fault::internal, "a line of more than {} bytes", limit);
    const auto more = TRY(read_some(socket_, std::size_t{64} << 10, stop));
    if (more.empty()) return fail(Fault::unavailable, "the connection was closed");
    buffer_ += more;
  }
}

}  // namespace cupel::os
