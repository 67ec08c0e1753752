// SPDX-License-Identifier: Apache-2.0
#include "network/network.hpp"

#include <algorithm>

namespace cupel::network {
namespace {

using Interest = os::Poller::Interest;

constexpr std::uint64_t alarm_tag = ~std::uint64_t{0};  // no interface's

std::uint64_t tag_of(const Plug& plug) { return plug.link * 2 + plug.end; }
Plug plug_of(std::uint64_t tag) { return {tag / 2, tag % 2}; }

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

Network::Network(Plan plan, News news, os::Poller poller, os::Alarm alarm)
    : plan_(std::move(plan)),
      news_(std::move(news)),
      poller_(std::move(poller)),
      alarm_(std::move(alarm)),
      state_(State(plan_)) {}

Result<std::unique_ptr<Network>> Network::start(Plan plan, News news) {
  auto poller = TRY(os::Poller::make());
  auto alarm = TRY(os::Alarm::make());
  TRY(poller.add(alarm.fd(), alarm_tag, Interest::read));
  std::unique_ptr<Network> network(
      new Network(std::move(plan), std::move(news), std::move(poller), std::move(alarm)));
  network->crew_ = std::make_unique<Crew>(Stop{});
  network->crew_->add("network",
                      [its = network.get()](const Stop& stop) { return its->work(stop); });
  return network;
}

Network::~Network() {
  crew_.reset();
  auto state = state_.lock();
  for (auto& [link, capture] : state->captures) static_cast<void>(capture.flush());
}

Result<> Network::work(const Stop& stop) {
  for (;;) {
    const auto* ready = TRY(poller_.wait(stop));
    TRY(turn(*ready));
  }
}

Result<> Network::turn(const std::vector<os::Poller::Ready>& ready) {
  std::vector<std::string> news;
  {
    auto state = state_.lock();
    const auto now = steady_now();
    alarm_.clear();
    deliver(*state, now);
    for (const auto& one : ready)
      if (one.tag != alarm_tag) serve(*state, one, now);
    deliver(*state, now);
    TRY(alarm_.set(state->fabric.next_due()));
    news.swap(state->news);
  }
  if (news_)
    for (const auto& line : news) news_(line);
  return {};
}

void Network::serve(State& state, const os::Poller::Ready& ready, SteadyTime now) {
  const auto plug = plug_of(ready.tag);
  const auto found = state.plugged.find(plug);
  if (found == state.plugged.end()) return;
  auto& plugged = found->second;
  if (ready.writable) {
    if (const auto sent = plugged.port.flush(); !sent) return unplug(state, plug, sent.error());
    watch_for_room(plug, plugged);
  }
  if (!ready.readable) return;
  auto frames = plugged.port.receive();
  if (!frames) return unplug(state, plug, frames.error());
  for (auto& frame : *frames) state.fabric.take(plug, std::move(frame), now);
}

void Network::deliver(State& state, SteadyTime now) {
  const auto wall = std::chrono::system_clock::now();
  for (const auto& arrival : state.fabric.arrivals(now)) {
    if (const auto capture = state.captures.find(arrival.at.link); capture != state.captures.end())
      if (const auto written = capture->second.write(arrival.frame, wall); !written) {
        state.news.push_back(fmt::format("the capture of {} ends: {}",
                                         plan_.links[arrival.at.link].name,
                                         written.error().text()));
        state.captures.erase(capture);
      }
    const auto found = state.plugged.find(arrival.at);
    if (found == state.plugged.end()) continue;
    const auto sent = found->second.port.send(arrival.frame);
    if (!sent) {
      unplug(state, arrival.at, sent.error());
      continue;
    }
    if (!*sent) ++state.refused;
    watch_for_room(arrival.at, found->second);
  }
}

void Network::watch_for_room(const Plug& plug, Plugged& plugged) {
  const bool waits = plugged.port.has_kept();
  if (waits == plugged.waits_for_room) return;
  const auto interest = waits ? Interest::read_and_write : Interest::read;
  if (poller_.change(plugged.port.socket(), tag_of(plug), interest)) plugged.waits_for_room = waits;
}

void Network::unplug(State& state, const Plug& plug, const Error& why) {
  const auto& end = plan_.links[plug.link].ends.at(plug.end);
  state.news.push_back(fmt::format("{} is off the network: {}", end.text(), why.text()));
  state.plugged.erase(plug);
}

Result<> Network::attach(const End& end, os::Fd socket) {
  for (std::size_t link = 0; link < plan_.links.size(); ++link)
    for (std::size_t side = 0; side < 2; ++side) {
      if (plan_.links[link].ends.at(side) != end || end.is_switch()) continue;
      const Plug plug{link, side};
      auto state = state_.lock();
      state->plugged.erase(plug);
      const auto [at, is_new] = state->plugged.emplace(plug, Plugged{Port(std::move(socket))});
      return poller_.add(at->second.port.socket(), tag_of(plug), Interest::read);
    }
  return fail(Fault::not_found, "no link ends at {}", end.text());
}

Result<std::size_t> Network::link_named(const std::string& name) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < plan_.links.size(); ++i) {
    if (plan_.links[i].name == name) return i;
    names.push_back(plan_.links[i].name);
  }
  const auto meant = nearest(name, names);
  return fail(Fault::not_found, "there is no link '{}'{}; links are {}", name,
              meant ? fmt::format(", did you mean '{}'?", *meant) : "", join(names, ", "));
}

Result<> Network::set_state(const std::string& link, Fabric::State state) {
  const auto number = TRY(link_named(link));
  state_.lock()->fabric.set_state(number, state);
  return {};
}

Result<> Network::change(const std::string& link, const LinkChange& change) {
  const auto number = TRY(link_named(link));
  auto state = state_.lock();
  state->fabric.change(number, changed(state->fabric.settings(number), change));
  return {};
}

Result<> Network::capture(const std::string& link, const std::string& path) {
  const auto number = TRY(link_named(link));
  auto capture = TRY(Capture::begin(path));
  auto state = state_.lock();
  if (state->captures.contains(number))
    return fail(Fault::conflict, "the link '{}' is captured already", link);
  state->captures.emplace(number, std::move(capture));
  return {};
}

Result<std::uint64_t> Network::stop_capture(const std::string& link) {
  const auto number = TRY(link_named(link));
  std::optional<Capture> capture;
  {
    auto state = state_.lock();
    auto node = state->captures.extract(number);
    if (!node) return fail(Fault::conflict, "the link '{}' is not captured", link);
    capture.emplace(std::move(node.mapped()));
  }
  TRY(capture->flush());
  return capture->left_out();
}

Result<std::array<Counters, 2>> Network::counters(const std::string& link) {
  const auto number = TRY(link_named(link));
  auto state = state_.lock();
  return std::array{state->fabric.counters({number, 0}), state->fabric.counters({number, 1})};
}

}  // namespace cupel::network
