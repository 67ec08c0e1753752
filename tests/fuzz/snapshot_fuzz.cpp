// SPDX-License-Identifier: Apache-2.0
// A snapshot's archive from anywhere: its stream, the words at its beginning (as the input's parts
// between zeros, packed as they should be), and the header of its disk.
#include "base/check.hpp"
#include "machine/overlay.hpp"
#include "machine/snapshot_archive.hpp"

using namespace cupel;

namespace {

os::ByteSource source_of(std::string_view bytes) {
  return [bytes]() mutable -> Result<std::string_view> {
    const auto piece = bytes.substr(0, 700);
    bytes.remove_prefix(piece.size());
    return piece;
  };
}

Result<machine::ArchiveHead> head_of(std::string_view bytes) {
  const auto source = source_of(bytes);
  auto reader = TRY(os::BundleReader::open(source));
  return machine::read_head(reader, Stop{});
}

std::string packed(std::string_view parts) {
  std::string bytes;
  const os::ByteSink sink = [&](std::string_view more) -> Result<> {
    bytes += more;
    return {};
  };
  auto writer = os::BundleWriter::open(sink).value();
  for (const auto* name : {"snapshot.json", "snapshot/manifest.json", "box/box.json"}) {
    const auto end = std::min(parts.find('\0'), parts.size());
    CHECK(writer.add_text(name, parts.substr(0, end)), "a text is packed");
    parts.remove_prefix(std::min(end + 1, parts.size()));
  }
  CHECK(writer.close(), "a bundle ends");
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(head_of(bytes));

  if (const auto head = head_of(packed(bytes))) {
    const machine::ImportHost host{"x86_64", "7.2", {}, digest_of("guest"), std::nullopt};
    static_cast<void>(machine::why_unfit(*head, host, {"true"}));
    CHECK(machine::parse_manifest(machine::write_manifest(head->manifest)) == head->manifest,
          "a manifest is written as it was read");
  }

  static const auto directory = os::TempDir::make("snapshot-fuzz").value();
  std::string image(bytes);
  image.resize(std::max<std::size_t>(size, 1U << 16));
  const auto path = directory.path() / "disk.qcow2";
  CHECK(os::write_file(path, image), "a file is written");
  if (machine::rebase_overlay(path, "/below"))
    CHECK(os::read_file(path).value().find("/below") != std::string::npos, "it names the image");
  return 0;
}
