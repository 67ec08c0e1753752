// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace cupel::cli {

/// One line of a foreign program as a terminal may safely show it. Invalid UTF-8 becomes U+FFFD;
/// control bytes and characters that reorder text are spelt out; escape sequences vanish, but for
/// colours where they are kept (the line then ends by switching them off). Of a line that was
/// redrawn with carriage returns the last state is left.
enum class Colours { keep, drop };
std::string harmless(std::string_view line, Colours colours);

/// What a terminal of that width shows of a plain text, cut where needed. Every character counts
/// one column; wide ones may make it longer.
std::string cut_to_width(std::string_view text, std::size_t columns);

}  // namespace cupel::cli
