// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/stop.hpp"
#include "machine/sealed_file.hpp"

namespace cupel::machine {

/// box.json: what a box in the store is. Written last.
struct BoxRecord {
  std::string name;                  ///< "cupel/tiny"
  Digest key;                        ///< of the recipe and its options
  Digest packages;                   ///< of the list of packages with their versions
  std::chrono::sys_seconds built{};  ///< when
  std::chrono::milliseconds took{};  ///< how long
  std::vector<SealedFile> files;     ///< vmlinux, initramfs, disk.raw
  friend bool operator==(const BoxRecord&, const BoxRecord&) = default;

  /// Over all that a machine of it sees.
  Digest content() const;
  const SealedFile* find(std::string_view file) const;
};

std::string write_record(const BoxRecord& record);
/// Whole or an error: it carries a digest of itself.
Result<BoxRecord> parse_box_record(std::string_view text);

/// Digests and syncs the files, and writes box.json.
Result<BoxRecord> seal_box(const std::filesystem::path& directory, BoxRecord record,
                           const Stop& stop);
/// Fails with not_found where there is none.
Result<BoxRecord> read_record(const std::filesystem::path& directory);
/// The files are those of the record. One that was touched since is digested anew: so a copied box
/// is accepted (and its record gets the new stamps), and an edited one fails with invalid.
Result<> verify_box(const std::filesystem::path& directory, BoxRecord record, const Stop& stop);

}  // namespace cupel::machine
