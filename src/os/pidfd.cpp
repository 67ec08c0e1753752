// SPDX-License-Identifier: Apache-2.0
#include "os/pidfd.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace cupel::os {

// The system calls themselves: <sys/pidfd.h> of glibc 2.36 cannot be used from C++.
Fd open_pidfd(int pid) { return Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

int send_signal(const Fd& pidfd, int number) {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0));
}

}  // namespace cupel::os
