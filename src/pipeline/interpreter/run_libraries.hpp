// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pipeline/interpreter/context.hpp"
#include "pipeline/interpreter/libraries.hpp"

namespace cupel::pipeline {

/// The shared libraries that one run has loaded: their global variables, classes and resources,
/// each read when it is first asked for. Under the interpreter's lock.
class RunLibraries {
 public:
  /// Null: the run has no libraries. Borrows both.
  RunLibraries(Interpreter& interpreter, Libraries* libraries);
  RunLibraries(const RunLibraries&) = delete;
  RunLibraries& operator=(const RunLibraries&) = delete;

  /// Those that every pipeline has.
  Outcome<void> add_implicit(Context& context);
  /// "name@ref" of @Library, library and libraries { }.
  Outcome<LibraryVersion> add(const std::string& name_and_ref, Context& context);
  /// Again: the same version, or an error if another one is asked for. Blocks.
  Outcome<LibraryVersion> add(const LibraryWish& wish, Context& context);

  /// vars/NAME.groovy as an object, one for a run; nothing if no library has it.
  Outcome<std::optional<Value>> global(const std::string& name, Context& context);
  /// Reads src/a/b/C.groovy for a.b.C; false if no library has it.
  Outcome<bool> read_class(const std::string& name, Context& context);
  /// The bytes of resources/PATH.
  Outcome<std::string> resource(const std::string& path) const;
  /// Whether a library has a package of this name, for library('x').com.acme.
  bool has_package(const std::string& name) const;

 private:
  struct Loaded {
    LibraryVersion version;
    os::fs::path directory;
  };
  /// The file and the library that it is in; the first that was loaded wins.
  struct Place {
    os::fs::path file;
    std::string name;  ///< for messages: "acme/vars/deploy.groovy"
  };
  /// The wish as it was loaded before; fails where another version was.
  Outcome<std::optional<LibraryVersion>> loaded(const LibraryWish& wish) const;
  /// Without the lock.
  Outcome<Loaded> fetch(const LibraryWish& wish, Context& context);
  std::optional<Place> find(const os::fs::path& relative) const;
  Outcome<Value> read(const Place& place, const std::string& class_name, Context& context);

  Interpreter& interpreter_;
  Libraries* libraries_;
  std::vector<Loaded> loaded_;
  std::map<std::string, Value> globals_;
  std::set<std::string>
      absent_;  ///< names that no library has a variable of: each step is asked for
  std::set<std::string> being_read_;
};

/// What library() gives: library('x').com.acme.Builder.new().
Value library_value(const LibraryVersion& version, RunLibraries& libraries);

}  // namespace cupel::pipeline
