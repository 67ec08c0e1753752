// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guest/users.hpp"
#include "wire/message.hpp"

namespace cupel::guest {

/// Packs or unpacks as `start` says, on descriptors 0 and 1, with the rights of `user`; says how it
/// went on 2 (see wire::Start::Kind::pack). In a process of its own, which exits with the result.
int transfer(const wire::Start& start, const User& user);

}  // namespace cupel::guest
