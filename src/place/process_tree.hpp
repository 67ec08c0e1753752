// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/stop.hpp"

namespace cupel::place {

/// The environment variable that marks what belongs to a session, as Jenkins does it: it passes
/// through any number of forks, and who wants to live on gives it another value.
inline constexpr std::string_view cookie_variable = "JENKINS_NODE_COOKIE";

/// SIGTERM to every process of ours whose cookie begins with `cookie`, SIGKILL after `grace`;
/// blocks until none is left.
Result<> end_cookie_holders(std::string_view cookie, Duration grace, const Stop& stop);

}  // namespace cupel::place
