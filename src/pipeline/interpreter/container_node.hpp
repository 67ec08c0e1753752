// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/interpreter/context.hpp"
#include "place/container.hpp"

namespace cupel::pipeline {

/// A container of a run, for a block of the pipeline. Its start and its removal are effects of the
/// journal: in a resumed run it is looked for, by its name, when something first runs in it; if it
/// is gone then, that fails. Destroying it removes what remove() did not.
class HeldContainer {
 public:
  /// Starts it on `machine`. Blocks.
  static Outcome<HeldContainer> start(const std::shared_ptr<HeldNode>& machine,
                                      const place::ContainerOrder& order, Context& context);

  /// The container as a node on the other node: same workspace, same name, commands run inside. The
  /// other node's own environment but for PATH, which is the image's. Keeps the other node.
  const std::shared_ptr<HeldNode>& node() const { return node_; }
  /// The name by which it is known; the order's arguments may have given another.
  const std::string& name() const { return name_; }
  /// Removes it, also when the run is being stopped. What resists is a line in the log.
  void remove(const Context& context);

 private:
  class Place;
  HeldContainer(const std::shared_ptr<HeldNode>& machine, std::shared_ptr<Place> place,
                std::string name);

  std::string name_;
  std::shared_ptr<Place> place_;  // shared with the node's lease, which contexts hold
  std::shared_ptr<HeldNode> node_;
};

}  // namespace cupel::pipeline
