// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/stop.hpp"
#include "base/text.hpp"
#include "os/files.hpp"

namespace cupel::os {

/// Archive files for people: zip and tar, as other programs write and read them. For trees that go
/// between places of ours there is archive.hpp.
enum class ArchiveFormat { zip, tar, tar_gzip };

/// Puts files of `root` (paths below it; links are followed to nothing: they stay links) into the
/// new file `to`. How many entries it has.
Result<std::size_t> write_archive(const fs::path& root, const std::vector<std::string>& names,
                                  ArchiveFormat format, const fs::path& to, const Stop& stop);

/// What an archive may unpack to, so that a small file cannot fill the disk.
struct ArchiveLimits {
  Bytes bytes = gib(64);
  std::size_t entries = 1'000'000;
};
using ArchiveFilter = std::function<bool(std::string_view path)>;

/// Unpacks the entries that `wanted` takes below `root`, and never outside it: a path or link that
/// leads out fails with invalid. The bytes are foreign. The paths of the files, in their order.
Result<std::vector<std::string>> extract_archive(const fs::path& archive, const fs::path& root,
                                                 const ArchiveFilter& wanted,
                                                 const ArchiveLimits& limits, const Stop& stop);

struct ArchiveText {
  std::string path, text;
};
/// The content of its files, all together up to `limits.bytes`.
Result<std::vector<ArchiveText>> read_archive(const fs::path& archive, const ArchiveFilter& wanted,
                                              const ArchiveLimits& limits, const Stop& stop);

/// Reads all of it; fails where it is damaged.
Result<> test_archive(const fs::path& archive, const ArchiveLimits& limits, const Stop& stop);

}  // namespace cupel::os
