// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cupel {

/// Functions as one, for std::visit: Overloaded{[](int) {}, [](char) {}}.
template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace cupel
