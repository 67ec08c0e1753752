// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// `binding` of a script, with its variables.
Value binding_value(std::shared_ptr<Map> variables);

/// Whether a class that is named in full may begin with this word: java, org, com.
bool is_package(std::string_view word);
/// A part of such a name. Its properties are longer packages, and classes at last.
Value package_value(std::string name);
/// Null if the value is none.
const std::string* package_name(const Value& value);

/// getName, isName, setName for the property `name`; the property's name for getName().
std::string getter_name(const std::string& property);
std::string flag_getter_name(const std::string& property);
std::string setter_name(const std::string& property);
std::string property_of_getter(const std::string& method);
std::string property_of_setter(const std::string& method);

}  // namespace cupel::pipeline
