// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace cupel::pipeline::syntax {

/// What Jenkinsfiles write, as if it were a function, for an object that a step or `properties`
/// takes: string(credentialsId: 'x', variable: 'Y'), gcc(pattern: '*.log'), agent(). A name may
/// stand for several kinds of object; who takes it knows which it means.
struct Describable {
  std::string_view name;
  std::string_view default_parameter;  ///< what a value without a name sets; empty: none may be
};

/// Null if Jenkins has nothing of that name that cupel knows.
const Describable* find_describable(std::string_view name);
/// All of their names.
std::vector<std::string_view> describable_names();

}  // namespace cupel::pipeline::syntax
