// SPDX-License-Identifier: Apache-2.0
#include "guest/transfer.hpp"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "guest/launch.hpp"
#include "os/archive.hpp"
#include "os/fd.hpp"

namespace cupel::guest {
namespace {

constexpr std::size_t chunk = 64U << 10;

/// Each directory that is missing is made by root and given to the user.
Result<> make_directories_for(const User& user, const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const auto part = path.substr(0, end);
    if (::mkdir(part.c_str(), 0755) == 0) {
      if (::geteuid() == 0 && ::chown(part.c_str(), user.uid, user.gid) != 0)
        return fail_errno(errno, "give {} to {}", part, user.name);
    } else if (errno != EEXIST && errno != EISDIR && errno != EROFS) {
      return fail_errno(errno, "make {}", part);
    }
    if (end == std::string::npos) return {};
  }
}

Result<> take_rights(const User& user) {
  if (const int error = become(user); error != 0)
    return fail_errno(error, "become user {}", user.name);
  return {};
}

Result<os::PackSummary> unpack(const wire::Start& start, const User& user) {
  TRY(make_directories_for(user, start.directory));
  TRY(take_rights(user));
  const os::Fd input(0);
  TRY(os::set_nonblocking(input));
  std::string bytes;
  const auto source = [&]() -> Result<std::string_view> {
    bytes = TRY(os::read_some(input, chunk, Stop()));
    return std::string_view(bytes);
  };
  return os::unpack(source, start.directory, {}, Stop());
}

Result<os::PackSummary> pack(const wire::Start& start, const User& user) {
  TRY(take_rights(user));
  os::PackOptions options;
  options.selection.includes = start.includes;
  options.selection.excludes = start.excludes;
  options.selection.defaults =
      start.default_excludes ? os::Selection::Defaults::exclude : os::Selection::Defaults::keep;
  options.paths = start.paths;
  options.take =
      start.files_only ? os::PackOptions::Take::files : os::PackOptions::Take::everything;
  const os::Fd output(1);
  TRY(os::set_nonblocking(output));
  const auto sink = [&](std::string_view bytes) { return os::write_all(output, bytes, Stop()); };
  return os::pack(start.directory, options, sink, Stop());
}

}  // namespace

int transfer(const wire::Start& start, const User& user) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto summary =
      start.kind == wire::Start::Kind::pack ? pack(start, user) : unpack(start, user);
  const auto text = summary ? fmt::format("{} {}\n", summary->files, summary->bytes.count)
                            : summary.error().text() + "\n";
  static_cast<void>(os::write_all(os::Fd(2), text, Stop()));
  return summary ? 0 : wire::failed_transfer + static_cast<int>(summary.error().fault());
}

}  // namespace cupel::guest
