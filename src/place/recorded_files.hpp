// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string_view>

namespace cupel::place {

/// What a run keeps of a machine, in a directory NODE-ID of its own below the run's artifacts.
inline constexpr std::string_view recordings_directory = "machines";
inline constexpr std::string_view console_file = "console.log";
inline constexpr std::string_view dmesg_file = "dmesg.txt";
inline constexpr std::string_view journal_file = "journal.txt";
inline constexpr std::string_view use_file = "use.csv";
inline constexpr std::array recorded_files = {console_file, dmesg_file, journal_file, use_file};

}  // namespace cupel::place
