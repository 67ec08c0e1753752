// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace cupel {

/// Makes podman usable for tests in this process, and an image for them; call it before there are
/// threads. Where the kernel's rights are few (no CAP_SYS_RESOURCE, cgroups of both versions, as in
/// another container), it goes into a mount namespace with cgroups of version 2 and lowers podman's
/// defaults. Returns why podman cannot run here.
std::optional<std::string> prepare_podman();

inline constexpr const char* test_image = "localhost/cupel-test";

}  // namespace cupel
