// SPDX-License-Identifier: Apache-2.0
#include "machine/origin.hpp"

#include "machine/snapshots.hpp"

namespace cupel::machine {
namespace {

constexpr unsigned most_cpus = 1024;
constexpr std::int64_t most_bytes = std::int64_t{1} << 50;

Result<Bytes> size_of(const json::Value& value, std::string_view key) {
  const auto count = TRY(value.integer(key));
  if (count < 0 || count > most_bytes) return fail(Fault::invalid, "{}: no such size", key);
  return Bytes{static_cast<std::uint64_t>(count)};
}

Result<std::vector<std::string>> texts_of(const json::Value& value, std::string_view key) {
  const auto* found = value.find(key);
  if (found == nullptr || found->as_array() == nullptr)
    return fail(Fault::invalid, "{}: no list", key);
  std::vector<std::string> texts;
  for (const auto& one : *found->as_array()) {
    if (one.as_string() == nullptr) return fail(Fault::invalid, "{}: no text", key);
    texts.push_back(*one.as_string());
  }
  return texts;
}

json::Array array_of(const std::vector<std::string>& texts) {
  json::Array array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

}  // namespace

json::Object write_origin(const Origin& origin) {
  std::vector<std::string> steps;
  for (const auto& step : origin.steps) steps.push_back(step.hex);
  const auto& shape = origin.shape;
  std::vector<std::string> panic_on;
  for (const auto cause : shape.panic_on) panic_on.emplace_back(name(cause));
  return {{"cpus", static_cast<std::int64_t>(shape.cpus)},
          {"memory", shape.memory.count},
          {"disk", shape.disk ? json::Value(shape.disk->count) : json::Value()},
          {"accelerator", name(shape.accelerator)},
          {"cpu", shape.cpu},
          {"host_cpu", shape.host_cpu},
          {"panic_on", array_of(panic_on)},
          {"devices", array_of(shape.devices)},
          {"qemu", origin.qemu},
          {"box", origin.box.hex},
          {"box_disk", origin.disk},
          {"guest", origin.guest.hex},
          {"steps", array_of(steps)}};
}

Result<Origin> parse_origin(const json::Value& value) {
  Origin origin;
  auto& shape = origin.shape;
  const auto cpus = TRY(value.integer("cpus"));
  if (cpus < 1 || cpus > most_cpus) return fail(Fault::invalid, "cpus: no such number");
  shape.cpus = static_cast<unsigned>(cpus);
  shape.memory = TRY(size_of(value, "memory"));
  const auto* disk = value.find("disk");
  if (disk != nullptr && !disk->is_null()) shape.disk = TRY(size_of(value, "disk"));
  const auto accelerator = TRY(value.text("accelerator"));
  if (accelerator != name(Accelerator::kvm) && accelerator != name(Accelerator::tcg))
    return fail(Fault::invalid, "accelerator: it is unknown");
  shape.accelerator = accelerator == name(Accelerator::kvm) ? Accelerator::kvm : Accelerator::tcg;
  shape.cpu = TRY(value.text("cpu"));
  shape.host_cpu = TRY(value.text("host_cpu"));
  for (const auto& one : TRY(texts_of(value, "panic_on"))) {
    const auto cause = panic_on_named(one);
    if (!cause) return fail(Fault::invalid, "panic_on: it is unknown");
    shape.panic_on.push_back(*cause);
  }
  shape.devices = TRY(texts_of(value, "devices"));
  origin.qemu = TRY(value.text("qemu"));
  origin.box.hex = TRY(value.text("box"));
  origin.disk = TRY(value.text("box_disk"));
  origin.guest.hex = TRY(value.text("guest"));
  for (auto& step : TRY(texts_of(value, "steps"))) origin.steps.push_back({std::move(step)});
  return origin;
}

std::vector<Digest> keys_of(const Origin& origin, const std::vector<std::string>& ready) {
  Recipe recipe;
  recipe.box.digest = origin.box;
  if (!origin.disk.empty()) recipe.box.disk = origin.disk;
  recipe.box.ready = ready;
  recipe.shape = origin.shape;
  std::vector<Digest> keys{snapshot_key(recipe, origin.qemu)};
  for (const auto& step : origin.steps) keys.push_back(layer_key(keys.back(), step));
  return keys;
}

}  // namespace cupel::machine
