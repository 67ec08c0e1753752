// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/syntax/signature.hpp"

namespace cupel::pipeline::syntax {

/// A few steps, as the real table has them: enough to try the validator.
inline std::vector<StepSignature> some_steps() {
  using Kind = ParameterKind;
  return {
      {"sh",
       {{"script", Kind::text, true}, {"returnStdout", Kind::flag}, {"returnStatus", Kind::flag}},
       "script",
       false},
      {"echo", {{"message", Kind::text, true}}, "message", false},
      {"error", {{"message", Kind::text, true}}, "message", false},
      {"dir", {{"path", Kind::text, true}}, "path", true},
      {"deleteDir", {}, "", false},
      {"junit",
       {{"testResults", Kind::text, true}, {"allowEmptyResults", Kind::flag}},
       "testResults",
       false},
      {"archiveArtifacts",
       {{"artifacts", Kind::text, true}, {"allowEmptyArchive", Kind::flag}},
       "artifacts",
       false},
      {"timeout", {{"time", Kind::number, true}, {"unit", Kind::text}}, "time", true},
      {"node", {{"label", Kind::text}}, "label", true},
      {"withEnv", {{"overrides", Kind::list, true}}, "overrides", true},
  };
}

}  // namespace cupel::pipeline::syntax
