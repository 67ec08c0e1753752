// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/interpreter/context.hpp"
#include "pipeline/interpreter/stage_frame.hpp"
#include "place/podman.hpp"

namespace cupel::pipeline {

/// An image, and where it comes from.
struct ImageWish {
  std::string image;
  std::string registry_url = {};          ///< empty: as the name says
  std::string registry_credentials = {};  ///< an id; empty: none are needed
  place::Pull pull = place::Pull::if_missing;
};

/// Makes sure that an image is on the machine of `context`: logs in where there are credentials,
/// pulls what is missing, logs out. The name by which podman knows it. Blocks; an effect of the
/// journal.
Outcome<std::string> provide(const ImageWish& wish, Context& context);

/// "image", or "registry.example/image" where a registry is given.
std::string qualified_name(const std::string& image, const std::string& registry_url);

/// An image built from a file in the workspace.
struct BuildWish {
  std::string file = "Dockerfile";  ///< relative to the directory
  std::string directory;            ///< absolute
  std::vector<std::string> arguments = {};
  std::string registry_url = {};          ///< of images that it begins with
  std::string registry_credentials = {};  ///< an id; empty: none are needed
};
/// Builds it under a name of its own, which is given, and which goes with the node. Blocks; an
/// effect of the journal.
Outcome<std::string> build(const BuildWish& wish, Context& context);

/// Runs `body` in a container of `image` on the machine of `context`, with its workspace mounted,
/// and removes the container. `arguments` are those of podman run, as a shell would split them.
Outcome<Value> with_container(const std::string& image, const std::string& arguments,
                              Context& context, const ContextBody& body);

/// What containers of a run are marked with, so that those of a killed cupel are found: the mark of
/// its processes on this host, in a machine its tag.
std::string container_mark(Context& context);

/// Removes what podman ps lists with these options. What resists stays.
void remove_containers(place::Place& place, const std::vector<std::string>& filter,
                       const Stop& stop);

/// Runs when the node is given back, unless the journal does not fit.
void at_end_of(HeldNode& machine, const Context& context,
               std::function<void(place::Place&, const Stop&)> tidy);

/// The machine that the node of `context` is, or is a container on. Null without a node.
std::shared_ptr<HeldNode> machine_of(const Context& context);

/// A name for a container that is the same when the run is resumed.
Outcome<std::string> container_name(const Context& context);

/// What Jenkins says where there is no node.
Outcome<std::shared_ptr<HeldNode>> require_machine(const Context& context);

/// The failure of an effect, or the interruption that it stands for.
Signal failure_of(Error error, const Context& context);

}  // namespace cupel::pipeline
