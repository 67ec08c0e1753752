// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/json.hpp"

namespace cupel::machine {

/// What QEMU says over QMP, a line each.
struct QmpGreeting {
  std::string version;  ///< "7.2.22"
};
struct QmpReturn {
  json::Value value;
};
struct QmpRefusal {
  std::string kind;  ///< "GenericError", "CommandNotFound", ...
  std::string text;
};
struct QmpEvent {
  std::string name;
  json::Value data;
};
using QmpMessage = std::variant<QmpGreeting, QmpReturn, QmpRefusal, QmpEvent>;

/// Fails with internal on anything else. Pure; any bytes.
Result<QmpMessage> parse_qmp(std::string_view line);

/// {"execute": command, "arguments": arguments}
std::string write_qmp(std::string_view command, json::Object arguments);

}  // namespace cupel::machine
