// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "guest/loop.hpp"
#include "os/fd.hpp"

namespace cupel::guest {

/// All processes of one stream, wherever they went: a cgroup of version 2, or where there is none a
/// word in their environment (which a process can drop, and sudo does).
class Tree {
 public:
  Tree(Tree&&) noexcept = default;
  Tree& operator=(Tree&&) = delete;
  /// Removes the cgroup if it is empty.
  ~Tree();

  /// To start processes in; empty if there is no cgroup.
  const os::Fd& cgroup() const { return directory_; }
  /// NAME=value for the processes' environment; empty with a cgroup.
  const std::string& cookie() const { return cookie_; }

  /// To every process. SIGKILL reaches even those that fork meanwhile.
  void signal(int number) const;
  bool empty() const;
  /// Calls `changed` when the tree may have become empty.
  Result<> watch(Loop& loop, std::function<void()> changed);

 private:
  friend class Forest;
  Tree() = default;
  int parent_ = -1;  // borrowed from the forest, which outlives its trees
  std::string name_;
  os::Fd directory_;
  os::Fd events_;
  Loop::Watch watch_;
  std::string cookie_;
  std::shared_ptr<bool> alive_;  // shared with the timer of a tree without a cgroup
};

/// Where trees grow: the guest program's own part of the cgroup hierarchy.
class Forest {
 public:
  /// Finds the part and moves this process into a leaf of it. Without cgroups: cookies.
  static Forest plant();
  Forest(Forest&&) = default;
  ~Forest();

  Tree grow();
  /// Makes the next tree's cgroup now, so that grow() need not.
  void prepare();

 private:
  Forest() = default;
  Result<> settle(const std::string& mount);
  std::optional<std::string> make_cgroup();
  os::Fd directory_;
  std::string spare_;
  std::uint64_t serial_ = 0;
};

}  // namespace cupel::guest
