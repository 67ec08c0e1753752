// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "fleet/catalog.hpp"
#include "pipeline/interpreter/node.hpp"

namespace cupel::fleet {

/// The boxes that there can be, by their names.
std::vector<std::string> box_names();
/// "tiny" is "cupel/tiny". not_found: there is no such box; the text lists what there is.
Result<std::string> box_named(const std::string& name);

/// The node that a pipeline describes. What the description does not say is as the node of the
/// label has it, or else as a node of that box is without settings; its provisioning comes behind
/// the node's. Sources are below `project`. not_found: no node has the label, there is no such box.
/// invalid: the label's node is no machine.
Result<NodeSettings> node_of(const Catalog& catalog, const std::string& label,
                             const pipeline::MachineWish& wish, const os::fs::path& project);

}  // namespace cupel::fleet
