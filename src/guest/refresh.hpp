// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "wire/message.hpp"

namespace cupel::guest {

/// Makes a clone a machine of its own, by system calls alone: it may be the first thing that the
/// machine does. Does as much as can be done; returns what could not, in one line.
std::string refresh(const wire::Refresh& wanted);

/// The text of /etc/hosts with the machine's own name replaced.
std::string rename_in_hosts(std::string_view hosts, std::string_view old_name,
                            std::string_view new_name);

}  // namespace cupel::guest
