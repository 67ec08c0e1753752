// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "os/fd.hpp"

namespace cupel::os {

/// Stands for one process for ever, while a number may be used again. Empty, with errno set, when
/// there is no such process (ESRCH).
Fd open_pidfd(int pid);
/// kill(2) by descriptor: 0 or -1 with errno.
int send_signal(const Fd& pidfd, int number);

}  // namespace cupel::os
