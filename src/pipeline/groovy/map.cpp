// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/map.hpp"

#include <algorithm>

#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::size_t small = 8;  // entries that are found by looking at each
constexpr int max_depth = 200;

std::size_t mixed(std::size_t seed, std::size_t more) {
  return seed ^ (more + 0x9e3779b97f4a7c15ULL + (seed << 6U) + (seed >> 2U));
}

Result<std::size_t> hash_at(const Value& key, int depth);

Result<std::size_t> hash_all(const std::vector<Value>& items, std::size_t seed, int depth) {
  for (const auto& item : items) seed = mixed(seed, TRY(hash_at(item, depth + 1)));
  return seed;
}

/// Not Java's hash for strings: an attacker could find many with the same.
Result<std::size_t> hash_at(const Value& key, int depth) {
  if (depth > max_depth) return fail(Fault::invalid, "the key is nested too deep");
  if (const auto* text = key.as_text()) return std::hash<std::string_view>()(*text);
  if (const auto* whole = key.as_whole()) return std::hash<std::int64_t>()(whole->number);
  if (key.is_sequence()) return hash_all(TRY(elements(key)), 17, depth);
  if (const auto* set = key.set_here()) {
    std::size_t sum = 0;  // in whatever order
    for (const auto& item : set->items()) sum += TRY(hash_at(item, depth + 1));
    return sum;
  }
  if (const auto* map = key.map_here()) {
    std::size_t sum = 0;
    for (const auto& [name, value] : map->entries())
      sum += mixed(TRY(hash_at(name, depth + 1)), TRY(hash_at(value, depth + 1)));
    return sum;
  }
  if (const auto* closure = key.closure_here()) return std::hash<const void*>()(closure);
  return std::hash<std::int32_t>()(TRY(java_hash(key)));
}

Result<bool> same_items(const std::vector<Value>& a, const std::vector<Value>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!TRY(same_key(a[i], b[i]))) return false;
  return true;
}

Result<bool> same_maps(const Map& a, const Map& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a.entries()) {
    const auto* other = b.find(key);
    if (!other || !TRY(same_key(value, *other))) return false;
  }
  return true;
}

}  // namespace

Result<bool> same_key(const Value& a, const Value& b) {
  if (a.as_text() && b.as_text()) return *a.as_text() == *b.as_text();
  if (a.is(b)) return true;
  if (const auto* x = a.as_decimal(), *y = b.as_decimal(); x && y)
    return x->scale == y->scale && x->units == y->units;
  if (a.as_gstring() && b.as_gstring()) return TRY(to_text(a)) == TRY(to_text(b));
  if (a.is_sequence() && b.is_sequence()) {
    const auto is_array = [](const Value& value) {
      return value.list_here() && value.list_here()->is_array();
    };
    if (is_array(a) || is_array(b)) return false;
    return same_items(TRY(elements(a)), TRY(elements(b)));
  }
  if (const auto* x = a.set_here(), *y = b.set_here(); x && y) {
    if (x->size() != y->size()) return false;
    return std::ranges::all_of(x->items(), [&](const Value& item) { return y->contains(item); });
  }
  if (const auto* x = a.map_here(), *y = b.map_here(); x && y) return same_maps(*x, *y);
  if (auto* object = a.object_here()) return as_result(object->equals(b));
  return false;
}

const std::vector<Map::Entry>& Map::entries() const {
  if (dead_ > 0) compact();
  return entries_;
}

void Map::compact() const {
  std::size_t to = 0;
  for (std::size_t from = 0; from < entries_.size(); ++from) {
    if (holes_[from]) continue;
    if (to != from) {
      entries_[to] = std::move(entries_[from]);
      hashes_[to] = hashes_[from];
    }
    ++to;
  }
  entries_.resize(to);
  hashes_.resize(to);
  holes_.assign(to, false);
  dead_ = 0;
  places_.clear();
  indexed_ = false;
}

void Map::index_all() const {
  places_.reserve(entries_.size() * 2);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (!holes_[i]) places_.emplace(hashes_[i], i);
  indexed_ = true;
}

template <typename Same>
Map::Position Map::locate_by(std::size_t hash, const Same& same) const {
  const auto is = [&](std::size_t place) {
    return hashes_[place] == hash && !holes_[place] && same(entries_[place].first);
  };
  if (entries_.size() <= small) {
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (is(i)) return {i, true};
    return {};
  }
  if (!indexed_) index_all();
  const auto [begin, end] = places_.equal_range(hash);
  for (auto place = begin; place != end; ++place)
    if (is(place->second)) return {place->second, true};
  return {};
}

Map::Position Map::locate(const Value& key, std::size_t hash) const {
  return locate_by(hash, [&](const Value& other) {
    const auto same = same_key(key, other);
    return same && *same;
  });
}

Map::Position Map::locate_text(std::string_view key, std::size_t hash) const {
  return locate_by(hash, [&](const Value& other) {
    const auto* text = other.as_text();
    return text && *text == key;
  });
}

/// Where a sorted map has the key, or would have it.
Result<std::size_t> Map::search(const Value& key, bool& found) const {
  found = false;
  const auto& all = entries();
  std::size_t low = 0, high = all.size();
  if (all.empty()) TRY(order_(key, key));  // whether it can be compared at all
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const int order = TRY(order_(key, all[middle].first));
    if (order == 0) {
      found = true;
      return middle;
    }
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

const Value* Map::find(const Value& key) const {
  if (order_) {
    bool found = false;
    const auto place = search(key, found);
    return place && found ? &entries_[*place].second : nullptr;
  }
  if (empty()) return nullptr;
  const auto hash = hash_at(key, 0);
  if (!hash) return nullptr;
  const auto position = locate(key, *hash);
  return position.found ? &entries_[position.place].second : nullptr;
}

Value* Map::find(const Value& key) {
  return const_cast<Value*>(static_cast<const Map*>(this)->find(key));
}

const Value* Map::find_text(std::string_view key) const {
  if (order_) return find(Value(key));
  if (empty()) return nullptr;
  const auto position = locate_text(key, std::hash<std::string_view>()(key));
  return position.found ? &entries_[position.place].second : nullptr;
}

Result<> Map::put(const Value& key, Value value) {
  if (size() >= max_items)
    return fail(Fault::invalid, "the map would hold more than {} entries", max_items);
  if (order_) {
    bool found = false;
    const auto place = TRY(search(key, found));
    const auto at = static_cast<std::ptrdiff_t>(place);
    if (found) {
      entries_[place].second = std::move(value);
    } else {
      entries_.insert(entries_.begin() + at, {key, std::move(value)});
      hashes_.push_back(0);
      holes_.push_back(false);
    }
    return {};
  }
  const auto hash = TRY(hash_at(key, 0));
  const auto position = locate(key, hash);
  if (position.found) {
    entries_[position.place].second = std::move(value);
    return {};
  }
  if (indexed_) places_.emplace(hash, entries_.size());
  entries_.emplace_back(key, std::move(value));
  hashes_.push_back(hash);
  holes_.push_back(false);
  return {};
}

Value Map::remove(const Value& key) {
  if (empty()) return {};
  if (order_) {
    bool found = false;
    const auto place = search(key, found);
    if (!place || !found) return {};
    auto value = std::move(entries_[*place].second);
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(*place));
    hashes_.pop_back();
    holes_.pop_back();
    return value;
  }
  const auto hash = hash_at(key, 0);
  if (!hash) return {};
  const auto position = locate(key, *hash);
  if (!position.found) return {};
  auto& entry = entries_[position.place];
  auto value = std::move(entry.second);
  entry = {};
  holes_[position.place] = true;
  ++dead_;
  if (indexed_) {
    const auto [begin, end] = places_.equal_range(*hash);
    for (auto place = begin; place != end; ++place)
      if (place->second == position.place) {
        places_.erase(place);
        break;
      }
  }
  if (dead_ > small && dead_ * 2 > entries_.size()) compact();
  return value;
}

void Map::clear() {
  // Kept until the end: what dies with the entries may look at this map.
  const auto dying = std::move(entries_);
  entries_.clear();
  hashes_.clear();
  holes_.clear();
  places_.clear();
  dead_ = 0;
  indexed_ = false;
}

Result<bool> Set::add(const Value& value) {
  if (items_.find(value)) return false;
  TRY(items_.put(value, Value()));
  return true;
}

bool Set::remove(const Value& value) {
  if (!contains(value)) return false;
  items_.remove(value);
  return true;
}

std::vector<Value> Set::items() const {
  std::vector<Value> items;
  items.reserve(items_.size());
  for (const auto& [key, _] : items_.entries()) items.push_back(key);
  return items;
}

}  // namespace cupel::pipeline
