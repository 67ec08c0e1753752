// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "pipeline/interpreter/run_files.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel {

/// Values of parameters, and what comes with them.
struct GivenValues {
  std::map<std::string, std::string> parameters;
  std::map<std::string, std::string> environment;  ///< NAME_FILENAME of files
};

/// Whether parameters that are files are given as @PATH, and only those that a file declares.
Result<> check_given_files(const std::map<std::string, std::string>& given,
                           const pipeline::syntax::JobProperties& job);

/// Reads the files that are given as @PATH to parameters of kind file and base64File: into stashes
/// of the run by the parameter's name, or as Base64. The others are as they were given.
Result<GivenValues> take_given_files(const std::map<std::string, std::string>& given,
                                     const pipeline::syntax::JobProperties& job,
                                     const pipeline::RunFiles& files, const Stop& stop);

}  // namespace cupel
