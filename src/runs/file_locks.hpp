// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "os/files.hpp"
#include "pipeline/interpreter/locks.hpp"

namespace cupel::runs {

/// Locks that hold between all cupels of a user on this host: each resource is a file in one
/// directory, locked by the kernel, so that a crash frees it. Who waits longest comes first. Any
/// thread.
class FileLocks final : public pipeline::Locks {
 public:
  /// `owner`: what others see while they wait, as "run 7 of /src/app/Jenkinsfile".
  FileLocks(os::fs::path directory, std::map<std::string, std::vector<std::string>> labels,
            std::string owner)
      : directory_(std::move(directory)), labels_(std::move(labels)), owner_(std::move(owner)) {}

  Result<std::unique_ptr<pipeline::HeldLock>> take(
      const Request& request, const std::function<void(std::string_view)>& waiting,
      const Stop& stop) override;

 private:
  struct Candidates {
    std::vector<std::string> resources;
    std::size_t wanted = 0;
  };
  Result<Candidates> candidates(const Request& request) const;
  /// Null: not all of them are free, as `missing`.
  Result<std::unique_ptr<pipeline::HeldLock>> try_take(const Candidates& candidates,
                                                       std::string& missing);
  std::string holder(const std::string& resource) const;
  os::fs::path file(const std::string& resource, std::string_view suffix) const;

  os::fs::path directory_;
  std::map<std::string, std::vector<std::string>> labels_;
  std::string owner_;
};

}  // namespace cupel::runs
