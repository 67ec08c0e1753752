// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cupel::machine {

/// The static program that runs inside machines, as it goes into an initramfs or a file.
std::string_view guest_program();

}  // namespace cupel::machine
