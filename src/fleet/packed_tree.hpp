// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "fleet/working_tree.hpp"
#include "pipeline/interpreter/scm.hpp"
#include "place/place.hpp"

namespace cupel::fleet {

/// The working tree of a run as one pax tar file, packed once on a thread of its own while machines
/// start, so that every node gets the same. The file is removed with the object.
class PackedTree final : public pipeline::Scm {
 public:
  struct Order {
    os::fs::path directory;
    std::vector<os::fs::path> leave_out;
    os::fs::path file;
  };
  /// Begins at once.
  PackedTree(Order order, const Stop& stop);
  ~PackedTree() override;
  PackedTree(const PackedTree&) = delete;
  PackedTree& operator=(const PackedTree&) = delete;

  struct Facts {
    os::PackSummary summary;
    std::map<std::string, std::string> environment;  ///< as of WorkingTree
    std::string remark;
  };
  /// Blocks until it is packed; the failure of packing to each who asks. Any thread.
  Result<Facts> wait(const Stop& stop);
  /// wait(), then unpacks it into `directory` of a place.
  Result<Facts> push_to(place::Place& place, const std::string& directory, const Stop& stop);

  Result<std::map<std::string, std::string>> check_out(place::Place& place,
                                                       const std::string& directory,
                                                       const Stop& stop) override;
  Result<pipeline::ScmFacts> facts(const Stop& stop) override;

 private:
  Result<Facts> pack(const Stop& stop) const;

  Order order_;
  Locked<std::optional<Result<Facts>>> outcome_;
  Crew crew_;  // last: its thread uses what is above
};

}  // namespace cupel::fleet
