// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline::syntax {

// What a build is started with and by, and what it asks for. An expression that is null was not
// written.

/// A parameter of the build, in parameters { }, or of an input.
struct BuildParameter {
  enum class Kind {
    text,         ///< string
    lines,        ///< text
    flag,         ///< booleanParam
    choice,       ///< choice
    password,     ///< password
    credentials,  ///< credentials
    file,         ///< file, stashedFile: bytes that are there as a stash of the parameter's name
    base64_file,  ///< base64File: bytes as a text
    run,          ///< run
    foreign,      ///< of a plugin that cupel does not have: a text
  };
  Kind kind = Kind::text;
  Name name;
  const Expression* initial = nullptr;  ///< defaultValue; not for choices
  std::vector<std::string> choices;     ///< the first is the default
  const Expression* choices_value =
      nullptr;  ///< if they are known at run time only: then no choices
  const Expression* description = nullptr;
  const Expression* project = nullptr;          ///< of kind run: projectName
  const Expression* filter = nullptr;           ///< of kind run
  const Expression* credential_type = nullptr;  ///< of kind credentials
  bool required = false;                        ///< of kind credentials
  bool trim = false;
};

/// In triggers { }.
struct Trigger {
  enum class Kind { cron, poll_scm, upstream, parameterized_cron, foreign };
  Kind kind = Kind::foreign;
  Name name;                              ///< as written
  const Expression* spec = nullptr;       ///< of cron, poll_scm and parameterized_cron
  const Expression* projects = nullptr;   ///< of upstream: upstreamProjects
  const Expression* threshold = nullptr;  ///< of upstream
  const Call* call = nullptr;             ///< for the others
  Span span;
};

/// maven 'apache-maven-3'
struct Tool {
  Name type;
  const Expression* version = nullptr;
};

/// lib('name@version')
struct LibraryUse {
  std::string name;
  std::string version;  ///< empty: the default one
  Span span;
};

/// input { message 'x'; ... }
struct Input {
  const Expression* message = nullptr;
  const Expression* id = nullptr;
  const Expression* ok = nullptr;
  const Expression* submitter = nullptr;
  const Expression* submitter_parameter = nullptr;
  std::vector<BuildParameter> parameters;
  Span span;
};

}  // namespace cupel::pipeline::syntax
