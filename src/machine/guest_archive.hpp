// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cupel::machine {

/// A cpio archive (newc) with the guest program as /cupel-guest, to stand behind a box's
/// initramfs: so a box does not depend on the version of cupel. Pure.
std::string guest_archive(std::string_view program);

/// How many zero bytes must stand between an initramfs of that size and the archive.
std::size_t padding_after(std::size_t size);

}  // namespace cupel::machine
