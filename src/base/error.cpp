// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <cctype>
#include <cerrno>
#include <system_error>

namespace cupel {

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::invalid: return "invalid";
    case Fault::not_found: return "not found";
    case Fault::denied: return "denied";
    case Fault::unavailable: return "unavailable";
    case Fault::timeout: return "timeout";
    case Fault::stopped: return "stopped";
    case Fault::conflict: return "conflict";
    case Fault::internal: return "internal";
  }
  return "internal";
}

Error& Error::add_frame(std::string frame) {
  frames_.push_back(std::move(frame));
  return *this;
}

std::string Error::text() const {
  std::string text;
  for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) text += *frame + ": ";
  return text + message_;
}

Fault fault_of_errno(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ESRCH: return Fault::not_found;
    case EACCES:
    case EPERM:
    case EROFS: return Fault::denied;
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
    case EMFILE:
    case ENFILE:
    case EAGAIN:
    case ECONNREFUSED:
    case ECONNRESET:
    case EPIPE: return Fault::unavailable;
    case ETIMEDOUT: return Fault::timeout;
    case EEXIST:
    case EBUSY:
    case ENOTEMPTY: return Fault::conflict;
    case EINVAL:
    case ENOTDIR:
    case EISDIR:
    case ENAMETOOLONG: return Fault::invalid;
    default: return Fault::internal;
  }
}

std::string errno_text(int error_number) {
  auto text = std::generic_category().message(error_number);
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace cupel
