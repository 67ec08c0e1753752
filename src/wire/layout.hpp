// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "wire/message.hpp"

/// The fields of each message in their order on the wire, once for both directions. `codec` is
/// called with every field; a message without fields calls it never.
namespace cupel::wire {

inline constexpr std::string_view magic = "cpl1";

/// `M` is a message, const or not.
template <typename M, typename T>
concept IsA = std::same_as<std::remove_const_t<M>, T>;

template <typename Codec, typename M>
void fields(Codec& codec, M& m) {
  if constexpr (IsA<M, Hello>)
    codec(m.version, m.nonce);
  else if constexpr (IsA<M, Refresh>)
    codec(m.entropy, m.time_ns, m.machine_id, m.host_name);
  else if constexpr (IsA<M, Start>)
    codec(m.kind, m.argv, m.environment, m.directory, m.user, m.kept, m.terminal, m.rows, m.columns,
          m.includes, m.excludes, m.paths, m.default_excludes, m.files_only);
  else if constexpr (IsA<M, Input>)
    codec.rest(m.bytes);
  else if constexpr (IsA<M, Signal>)
    codec(m.number, m.to);
  else if constexpr (IsA<M, Resize>)
    codec(m.rows, m.columns);
  else if constexpr (IsA<M, Ping> || IsA<M, Pong>)
    codec(m.number);
  else if constexpr (IsA<M, Welcome>)
    codec(m.version, m.nonce, m.boot_id);
  else if constexpr (IsA<M, Refreshed>)
    codec(m.problems);
  else if constexpr (IsA<M, Output>) {
    codec(m.from);
    codec.rest(m.bytes);
  } else if constexpr (IsA<M, Started>)
    codec(m.pid);
  else if constexpr (IsA<M, Exited>)
    codec(m.status, m.signal);
  else if constexpr (IsA<M, Refused>)
    codec(m.fault, m.text);
  else if constexpr (IsA<M, Credit>)
    codec(m.bytes);
  else if constexpr (IsA<M, TakeUp>)
    codec(m.kept, m.offset);
  else
    static_assert(IsA<M, InputEnd> || IsA<M, TreeGone> || IsA<M, Release> || IsA<M, GoingDown>);
}

/// The last value of an enumeration that travels as one byte.
constexpr Start::Kind last_of(Start::Kind) { return Start::Kind::pack; }
constexpr Signal::To last_of(Signal::To) { return Signal::To::tree; }
constexpr Output::From last_of(Output::From) { return Output::From::err; }
constexpr Fault last_of(Fault) { return Fault::internal; }

}  // namespace cupel::wire
