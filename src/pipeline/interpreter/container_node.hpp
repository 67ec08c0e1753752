// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/interpreter/context.hpp"
#include "place/container.hpp"

namespace cupel::pipeline {

/// A node that is a container on another node: same workspace, same name, commands run inside. The
/// other node's own environment but for PATH, which is the image's. Keeps the other node.
std::shared_ptr<HeldNode> container_node(std::shared_ptr<HeldNode> machine,
                                         std::unique_ptr<place::Container> container);

}  // namespace cupel::pipeline
