// SPDX-License-Identifier: Apache-2.0
#include "cupel/standard_input.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/wait.hpp"

namespace cupel {

Result<std::string> read_standard_input(std::size_t limit, const Stop& stop) {
  std::string text;
  std::array<char, 1U << 16> buffer{};
  while (true) {
    std::array watched{os::Watched{STDIN_FILENO, POLLIN}};
    TRY(os::wait(watched, stop));
    const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(errno, "read");
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > limit) return fail(Fault::invalid, "there are more than {} bytes", limit);
  }
}

}  // namespace cupel
