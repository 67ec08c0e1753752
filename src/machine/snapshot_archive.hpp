// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/stop.hpp"
#include "machine/acceleration.hpp"
#include "machine/box_record.hpp"
#include "machine/box_store.hpp"
#include "machine/manifest.hpp"
#include "machine/snapshots.hpp"
#include "os/bundle.hpp"

namespace cupel::machine {

/// A snapshot with the box that it stands on, as one file for another host (ADR 0043).

/// What an archive begins with, before any large file.
struct ArchiveHead {
  std::string architecture;  ///< of the host, as uname -m
  std::string qemu;          ///< the version, for people
  Bytes data;                ///< of all its files, holes left out
  Manifest manifest;
  BoxRecord box;
  friend bool operator==(const ArchiveHead&, const ArchiveHead&) = default;
};

/// What a host is that is to take an archive in.
struct ImportHost {
  std::string architecture;
  std::string qemu_version;
  HostFacts facts;
  Digest guest;  ///< of the guest program
  /// Not given: not known yet.
  std::optional<Accelerator> accelerator;
};
Result<ImportHost> import_host(const Stop& stop);
/// Why machines of this host could never be made of that snapshot; nothing if they could. `ready`
/// is Box::ready of its box here. Pure.
std::optional<std::string> why_unfit(const ArchiveHead& head, const ImportHost& host,
                                     const std::vector<std::string>& ready);

/// Reads the beginning of a stream of strangers, and checks that it agrees with itself. invalid.
Result<ArchiveHead> read_head(os::BundleReader& reader, const Stop& stop);

/// Hears how much of how much was moved.
using ArchiveProgress = std::function<void(Bytes done, Bytes all)>;

/// Writes a snapshot of the store, verified first. invalid: it is damaged, or an earlier cupel made
/// it. not_found: its box is gone.
Result<> export_snapshot(const StoredSnapshot& snapshot, const Paths& paths, const BoxStore& boxes,
                         const os::ByteSink& sink, const ArchiveProgress& progress,
                         const Stop& stop);

struct ImportOptions {
  ImportHost host;
  BoxStore::Own own = BoxStore::Own::refuse;
  /// How machines are made here; with a box given, it may be tried for that. Nothing: not known
  /// without a box.
  std::function<Result<std::optional<Accelerator>>(const Box* box)> accelerator;
  ArchiveProgress progress;
  Progress news;
};
struct Imported {
  std::string name;
  Manifest manifest;
  enum class New { no, yes } fresh = New::yes;  ///< no: it was there
};
/// Takes an archive into the store: all of it or nothing. conflict: it does not fit this host.
/// invalid: the stream is damaged, or no such archive.
Result<Imported> import_snapshot(const os::ByteSource& source, const Paths& paths, BoxStore& boxes,
                                 const ImportOptions& options, const Stop& stop);

}  // namespace cupel::machine
