// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "os/files.hpp"

namespace cupel::machine {

/// One file of a box or a snapshot as it was when that was made.
struct SealedFile {
  std::string name;
  Digest digest;  ///< a box's: os::digest_file; a snapshot's: digest_sparse
  os::FileStamp stamp;
  friend bool operator==(const SealedFile&, const SealedFile&) = default;
};

/// The value of "files" in a record. Pure, as the next.
json::Array write_files(const std::vector<SealedFile>& files);
/// The "files" of a record. A name that leads out of the record's directory is an error.
Result<std::vector<SealedFile>> parse_files(const json::Value& record);

/// Waits until a file (or a directory's list of names) is safe on the disk.
Result<> sync_to_disk(const std::filesystem::path& path);

}  // namespace cupel::machine
