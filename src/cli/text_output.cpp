// SPDX-License-Identifier: Apache-2.0
#include "cli/text_output.hpp"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "os/wait.hpp"

namespace cupel::cli {

Result<> TextOutput::wait_until_writable() {
  std::array watched{os::Watched{fd_, POLLOUT}};
  if (!stop_.requested()) {
    const auto ready = os::wait(watched, stop_);
    if (ready || !stop_.requested()) return ready;
  }
  return os::wait(watched, Stop().within(patience));
}

void TextOutput::write(std::string_view text) {
  while (intact_ && !text.empty()) {
    if (!wait_until_writable()) {
      intact_ = false;
      return;
    }
    // So much never blocks once poll(2) has said yes.
    const auto written = ::write(fd_, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR && errno != EAGAIN)
      intact_ = false;
  }
}

}  // namespace cupel::cli
