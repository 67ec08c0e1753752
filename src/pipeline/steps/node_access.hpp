// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// Runs a small command on the node of a step, with its output kept. An interruption stays one.
Outcome<place::Output> capture(StepContext& context, std::vector<std::string> argv,
                               std::string input = {});

enum class PathKind { missing, file, directory };
/// What an absolute path is on the node.
Outcome<PathKind> kind_of(StepContext& context, const std::string& path);

/// The bytes of a file on the node; `path` is as the pipeline wrote it. java.io exceptions where it
/// is missing or a directory.
Outcome<std::string> read_node_file(StepContext& context, const std::string& path);

/// Writes a file on the node, with the directories that it needs.
Outcome<void> write_node_file(StepContext& context, const std::string& path,
                              std::string_view bytes);

/// What a step with `file` and `text` is to read: exactly one of them is given. `name` is the
/// step's.
Outcome<std::string> file_or_text(const Arguments& arguments, StepContext& context,
                                  std::string_view name);

}  // namespace cupel::pipeline::steps
