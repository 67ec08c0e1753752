// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "guest/tree.hpp"
#include "guest/users.hpp"
#include "os/fd.hpp"

namespace cupel::guest {

/// A process to be started in a session of its own.
struct Launch {
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;  ///< all of it
  std::string directory;
  User user;
  os::Fd in, out, err;
  enum class Terminal { none, in } terminal = Terminal::none;  ///< in: becomes the controlling one
};

struct Launched {
  int pid = -1;
  os::Fd pidfd;  ///< readable once it has ended
};

/// Starts it in the tree. Fails with not_found naming the program or the directory, with
/// unavailable where the machine has no room for a process. The calling thread waits for the exec.
Result<Launched> launch(const Launch& launch, const Tree& tree);

/// Forks this program: the child runs `work` with the launch's descriptors as 0, 1 and 2, as root,
/// and exits with what it returns. argv and environment are not used.
Result<Launched> launch_self(const Launch& launch, const Tree& tree,
                             const std::function<int()>& work);

/// The environment of a user's command: defaults, then `wanted`.
std::map<std::string, std::string> environment_for(const User& user,
                                                   const std::map<std::string, std::string>& wanted,
                                                   Launch::Terminal terminal);

/// Takes the user's rights for good; 0 or an errno value. Async-signal-safe.
int become(const User& user) noexcept;

}  // namespace cupel::guest
