// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "os/fd.hpp"

namespace cupel::place {

/// A command that goes on when we die, under a process of its own that keeps in `directory`:
///   output  all that it prints: frames of a byte (1 out, 2 err), a length (4 bytes, little
///           endian), and that many bytes, in the order in which it was written
///   pid     its number, once it exists; nothing was executed before
///   status  "STATUS SIGNAL", made whole, after its first process has ended
/// `lock` is locked by that process until then. What the command leaves in the background may write
/// on; nobody keeps that.
struct Supervised {
  std::string program;  ///< absolute
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< NAME=value
  std::string working_directory;
  std::string directory;  ///< absolute, exists
  os::Fd lock;            ///< locked already
};

/// Starts it; does not wait for anything.
Result<> supervise(Supervised order);

}  // namespace cupel::place
