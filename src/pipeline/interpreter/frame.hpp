// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/groovy/scope.hpp"
#include "pipeline/interpreter/context.hpp"
#include "pipeline/interpreter/unit.hpp"

namespace cupel::pipeline {

/// What a piece of code belongs to: its file, its `this`, the class whose method it is.
struct Home {
  const Unit* unit = nullptr;
  Value self;                 ///< a script, an object; a Class in static code
  UserClass* type = nullptr;  ///< null in a script
  ScriptObject* script() const;
};
using HomePtr = std::shared_ptr<const Home>;  // shared: closures keep it

/// What evaluation needs at hand: the variables around, and the context of the thread.
struct Frame {
  ScopePtr scope;
  Context& context;
  HomePtr home;
  const Closure* closure = nullptr;    ///< whose code this is; null in a method
  const std::string* label = nullptr;  ///< of the statement that is next
};

/// The arguments of a call as written.
struct CallArguments {
  std::vector<Value> positional;
  std::shared_ptr<Map> named;  ///< null if there are none
  std::shared_ptr<Closure> trailing;
  /// As Groovy passes them: the map first, the closure last.
  std::vector<Value> all() const;
};

}  // namespace cupel::pipeline
