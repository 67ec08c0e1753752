// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/map_entry.hpp"

#include <utility>

#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/signal.hpp"
#include "pipeline/groovy/walk.hpp"

namespace cupel::pipeline {
namespace {

class StandingEntry final : public Object {
 public:
  StandingEntry(std::shared_ptr<Map> map, Value key, Value value)
      : map_(std::move(map)), key_(std::move(key)), value_(std::move(value)) {}

  std::string type_name() const override { return "java.util.Map$Entry"; }
  std::string text() const override { return MapEntry(key_, value()).text(); }
  Outcome<std::string> to_string() override { return MapEntry(key_, value()).to_string(); }
  Outcome<bool> equals(const Value& other) override {
    return MapEntry(key_, value()).equals(other);
  }
  Outcome<std::int32_t> hash() override { return MapEntry(key_, value()).hash(); }

  Outcome<Value> get(const std::string& name, Context& context) override {
    if (name == "key") return key_;
    if (name == "value") return value();
    return Object::get(name, context);
  }
  Outcome<void> set(const std::string& name, const Value& value, Context& context) override {
    if (name != "value") return Object::set(name, value, context);
    TRY(put(value));
    return {};
  }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (name == "getKey" && arguments.empty()) return key_;
    if (name == "getValue" && arguments.empty()) return value();
    if (name == "setValue" && arguments.size() == 1) return put(arguments[0]);
    return Object::call(name, arguments, context);
  }

  const Value& key() const { return key_; }
  Value value() const {
    const auto* standing = std::as_const(*map_).find(key_);
    return standing ? *standing : value_;
  }

 private:
  /// The value before.
  Outcome<Value> put(const Value& value) {
    if (map_->fixed)
      return raise("java.lang.UnsupportedOperationException", "this map cannot be changed");
    if (auto* standing = map_->find(key_)) value_ = std::exchange(*standing, value);
    return std::exchange(value_, value);
  }

  std::shared_ptr<Map> map_;  // shared: as every value that refers to a map
  Value key_;
  Value value_;
};

}  // namespace

Value entry_of(std::shared_ptr<Map> map, Value key, Value value) {
  return Value(std::shared_ptr<Object>(
      std::make_shared<StandingEntry>(std::move(map), std::move(key), std::move(value))));
}

std::optional<Map::Entry> as_entry(const Value& value) {
  const auto* object = value.object_here();
  if (const auto* entry = dynamic_cast<const MapEntry*>(object))
    return Map::Entry(entry->key(), entry->value());
  if (const auto* entry = dynamic_cast<const StandingEntry*>(object))
    return Map::Entry(entry->key(), entry->value());
  return std::nullopt;
}

}  // namespace cupel::pipeline
