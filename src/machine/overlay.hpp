// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"

namespace cupel::machine {

/// The image below an overlay. Read-only while the overlay lives.
struct Backing {
  std::filesystem::path path;  ///< absolute
  enum class Format { raw, qcow2 } format = Format::raw;
};

/// The bytes of an empty qcow2 overlay, so that none of qemu-img's start-up time is spent when a
/// machine is cloned. Pure. `size` is what the machine sees.
Result<std::string> empty_overlay(const Backing& backing, Bytes size);

/// Writes one; `path` must not exist.
Result<> make_overlay(const std::filesystem::path& path, const Backing& backing, Bytes size);

/// Makes an overlay that was used on another host name the image below by its path here. invalid:
/// it is no overlay, or names none.
Result<> rebase_overlay(const std::filesystem::path& path, const std::filesystem::path& below);

}  // namespace cupel::machine
