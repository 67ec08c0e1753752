// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>

#include <string>
#include <string_view>

#include "base/error.hpp"

/// Small files of the machine, read and written by the fewest calls: a machine that just resumed is
/// slow, and one whose disk is full or gone must still be served.
namespace cupel::guest {

/// At most 1 MiB of it. `directory` is a descriptor or AT_FDCWD.
Result<std::string> read_small_file(const std::string& path, int directory = AT_FDCWD);

enum class Missing { is_made, is_left };
/// Written in place, so that links and bind mounts stay what they are.
Result<> write_small_file(const std::string& path, std::string_view text, Missing missing,
                          int directory = AT_FDCWD);

/// An absolute directory and those above it, as far as they can be made.
void make_directories(const std::string& path);

}  // namespace cupel::guest
