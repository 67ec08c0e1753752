// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "os/archive.hpp"

namespace cupel::os {

/// Where a foreign tree is written: below one directory and nowhere else. Every step of every path
/// is opened without following links, so that neither the stream nor what lies there leads out.
class Landing {
 public:
  struct Attributes {
    mode_t mode = 0644;
    timespec modified{};
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<std::pair<std::string, std::string>> extended;
  };
  using Parts = std::vector<std::string>;  ///< of a path, as inner_parts gives them; never empty

  static Result<Landing> make(const fs::path& root, const UnpackOptions& options);

  /// An empty file, to be filled and then finished.
  Result<Fd> create_file(const Parts& path);
  /// Fills a part of it; what nothing fills is a hole.
  static Result<> write_at(const Fd& file, std::string_view bytes, off_t offset);
  Result<> finish_file(const Fd& file, const Attributes& attributes);

  /// Its mode and time are set by close(): what comes below would change them, or be kept out.
  Result<> make_directory(const Parts& path, const Attributes& attributes);
  Result<> make_symlink(const Parts& path, const std::string& target, const Attributes& attributes);
  /// To something that landed before.
  Result<> make_hard_link(const Parts& path, const Parts& target);
  /// A device or a fifo; the kind is in the mode.
  Result<> make_node(const Parts& path, dev_t device, const Attributes& attributes);

  Result<> close();

 private:
  enum class Missing { make, refuse };
  Landing(Fd root, const UnpackOptions& options) : root_(std::move(root)), options_(&options) {}

  Result<Fd> open_parent(const Parts& path, Missing missing) const;
  /// The same with what is there under the name removed, if it is no directory.
  Result<Fd> clear_place(const Parts& path) const;
  Result<> own(int parent, const std::string& name, const Attributes& attributes) const;
  void set_extended(int fd, const Attributes& attributes) const;
  mode_t mode_of(const Attributes& attributes) const;

  Fd root_;
  const UnpackOptions* options_;
  std::map<Parts, Attributes> directories_;
};

}  // namespace cupel::os
