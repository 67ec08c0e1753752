// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "pipeline/syntax/ast.hpp"
#include "pipeline/syntax/label.hpp"

namespace cupel::pipeline::syntax {

// Where a pipeline or a stage runs. An expression that is null was not written.

/// agent { docker 'image' }, agent { docker { image 'x'; ... } }
struct DockerAgent {
  const Expression* image = nullptr;  ///< never null
  const Expression* args = nullptr;
  const Expression* registry_url = nullptr;
  const Expression* registry_credentials = nullptr;  ///< the id
  const Expression* reuse_node = nullptr;
  const Expression* always_pull = nullptr;
};

/// agent { dockerfile true }, agent { dockerfile { filename 'x'; ... } }
struct DockerfileAgent {
  const Expression* filename = nullptr;  ///< null: Dockerfile
  const Expression* directory = nullptr;
  const Expression* build_args = nullptr;  ///< additionalBuildArgs
  const Expression* args = nullptr;
  const Expression* registry_url = nullptr;
  const Expression* registry_credentials = nullptr;
  const Expression* reuse_node = nullptr;
};

/// A key of a block with its value: `image 'x'`.
struct Setting {
  Name name;
  const Expression* value = nullptr;
};

/// containerTemplate { name 'x'; image 'y'; ... }
struct ContainerTemplate {
  std::vector<Setting> settings;
  Span span;
};

/// agent { kubernetes { ... } }
struct KubernetesAgent {
  const Expression* yaml = nullptr;
  const Expression* yaml_file = nullptr;
  const Expression* default_container = nullptr;
  std::vector<ContainerTemplate> containers;
  std::vector<Setting> others;  ///< cloud, namespace, inheritFrom, ...
};

/// A step of provision { }: `packages 'a', 'b'`, `file 'x', to: '/y'`, `shell '...', name: 'z'`.
struct Provisioning {
  Name kind;
  std::vector<const Expression*> values;  ///< those without a name; one but for packages
  std::vector<Setting> settings;          ///< to, name, environment
  Span span;
};

/// agent { machine 'box' }, agent { machine { box 'x'; cpus 2; provision { ... } } }: a machine of
/// its own, where a label says whose node's settings it starts from.
struct MachineAgent {
  const Expression* box = nullptr;
  const Expression* cpus = nullptr;
  const Expression* cpu = nullptr;
  const Expression* memory = nullptr;
  const Expression* disk = nullptr;
  std::vector<Provisioning> provision;
};

struct Agent {
  enum class Kind { any, none, label, docker, dockerfile, kubernetes, machine, topology };
  Kind kind = Kind::any;
  /// Of the node; a GString is evaluated at run time. Never null for kind label; for the others
  /// null where any node will do.
  const Expression* label_text = nullptr;
  std::optional<Label> label;  ///< parsed already, if the text is a literal
  const Expression* custom_workspace = nullptr;
  const Expression* retries = nullptr;
  std::variant<std::monostate, DockerAgent, DockerfileAgent, KubernetesAgent> container;
  std::optional<MachineAgent> machine;   ///< of kind machine
  const Expression* topology = nullptr;  ///< the file, of kind topology
  Span span;
};

}  // namespace cupel::pipeline::syntax
