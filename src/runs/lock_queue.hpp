// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/stop.hpp"
#include "os/files.hpp"

namespace cupel::runs {

/// Who waits for locks, in the order in which they came, over all cupels of a user on this host. A
/// place in it is a locked file in one directory, so that a crash gives it up. Any thread.
class LockQueue {
 public:
  explicit LockQueue(os::fs::path directory) : directory_(std::move(directory)) {}

  /// A place in the queue, until destroyed.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class LockQueue;
    Place(unsigned number, os::fs::path path, os::FileLock lock)
        : number_(number), path_(std::move(path)), lock_(std::move(lock)) {}
    unsigned number_;
    os::fs::path path_;
    std::optional<os::FileLock> lock_;
  };

  /// Behind all who wait now.
  Result<Place> join(const std::vector<std::string>& resources, const Stop& stop);
  /// Whether somebody who came before `own` (null: anybody) waits for one of these.
  Result<bool> somebody_before(const std::vector<std::string>& resources, const Place* own,
                               const Stop& stop);

 private:
  Result<std::vector<unsigned>> numbers() const;
  os::fs::path path_of(unsigned number) const;
  os::fs::path directory_;
};

}  // namespace cupel::runs
