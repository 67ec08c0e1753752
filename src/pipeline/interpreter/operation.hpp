// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

namespace cupel::pipeline {

/// A step of Jenkins that cupel has not, as the operator wants it done.
struct MappedStep {
  std::string script;  ///< runs on the node
  std::string noop;    ///< or: nothing is done but to say this
  bool returns_output = false;
  friend bool operator==(const MappedStep&, const MappedStep&) = default;
};

struct ConfigFile {
  std::string text;  ///< what the file holds
  std::string name;  ///< of the file where the pipeline says none
  friend bool operator==(const ConfigFile&, const ConfigFile&) = default;
};

/// What an operator says about steps, in cupel.toml: docs/steps.md describes it.
struct Operation {
  /// Kind ("jdk") and name ("jdk-17") to the directory on a node.
  std::map<std::string, std::map<std::string, std::string>> tools;
  std::map<std::string, ConfigFile> config_files;  ///< by their id
  std::map<std::string, MappedStep> steps;         ///< by their name
  friend bool operator==(const Operation&, const Operation&) = default;
};

}  // namespace cupel::pipeline
