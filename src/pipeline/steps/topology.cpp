// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "pipeline/interpreter/branches.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/with_topology.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// What is asked for about a link, as it is written.
struct LinkOrder {
  std::optional<Links::State> state = {};
  network::LinkChange change = {};
  std::optional<std::string> capture = {};
  bool ends_capture = false;
  std::string words = {};  ///< for the log: "is down"
};

Outcome<void> obey(Links& links, const std::string& link, const LinkOrder& order,
                   Attempt& attempt) {
  const auto checked = [](const Result<>& done) -> Outcome<void> {
    if (done) return {};
    return raise("hudson.AbortException", "link: {}", done.error().text());
  };
  if (order.state) TRY(checked(links.set_state(link, *order.state)));
  if (order.change != network::LinkChange{}) TRY(checked(links.change(link, order.change)));
  if (order.ends_capture) TRY(checked(links.stop_capture(link)));
  if (order.capture) {
    TRY(checked(links.capture(link, *order.capture)));
    attempt.marks.artifacts.push_back(*order.capture);
  }
  return {};
}

/// An effect of its own, so that a resumed run does not do it again.
Outcome<Value> perform(const std::string& link, const LinkOrder& order, Context& context) {
  const auto* topology = TRY(topology_around(context));
  const auto live = [&](const StepId&, Attempt& attempt) -> Outcome<Value> {
    auto* links = topology->links();
    if (!links)
      return raise("hudson.AbortException",
                   "the topology of this run is gone: it ended with the cupel that started it");
    TRY(obey(*links, link, order, attempt));
    context.note(fmt::format("Link {} {}", link, order.words));
    return Value();
  };
  return context.run.interpreter.perform({"link " + link, digest_of(order.words).brief()}, context,
                                         live);
}

/// set(loss: 5, delay: '10ms')
Outcome<void> add_changes(const std::vector<std::pair<std::string, Value>>& given,
                          LinkOrder& order) {
  std::vector<std::string> words;
  for (const auto& [key, value] : given) {
    const auto text = TRY(Outcome<std::string>(to_text(value)));
    if (const auto set = network::set(order.change, key, text); !set)
      return raise("java.lang.IllegalArgumentException", "link: {}", set.error().text());
    words.push_back(key + " " + text);
  }
  order.words += "has now " + join(words, ", ");
  return {};
}

/// link('r1-r2')
class LinkObject final : public Object {
 public:
  explicit LinkObject(std::string name) : name_(std::move(name)) {}
  std::string type_name() const override { return "cupel.Link"; }
  Outcome<Value> get(const std::string& name, Context& context) override {
    if (name == "name") return Value(name_);
    return Object::get(name, context);
  }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    LinkOrder order;
    if (name == "down" && arguments.empty())
      order = {.state = Links::State::down, .words = "is down"};
    else if (name == "up" && arguments.empty())
      order = {.state = Links::State::up, .words = "is up"};
    else if (name == "stopCapture" && arguments.empty())
      order = {.ends_capture = true, .words = "is not captured any more"};
    else if (name == "capture" && arguments.size() <= 1)
      TRY(add_capture(arguments, order));
    else if (name == "set" && arguments.size() == 1 && arguments[0].as_map())
      TRY(add_changes(TRY(texts_of(*arguments[0].as_map())), order));
    else
      return Object::call(name, arguments, context);
    return perform(name_, order, context);
  }

 private:
  Outcome<void> add_capture(const std::vector<Value>& arguments, LinkOrder& order) const {
    order.capture =
        arguments.empty() ? name_ + ".pcap" : TRY(Outcome<std::string>(to_text(arguments.front())));
    order.words = "is captured to " + *order.capture;
    return {};
  }
  static Outcome<std::vector<std::pair<std::string, Value>>> texts_of(const Map& map) {
    std::vector<std::pair<std::string, Value>> all;
    for (const auto& [key, value] : map.entries())
      all.emplace_back(TRY(Outcome<std::string>(to_text(key))), value);
    return all;
  }

  std::string name_;
};

/// link('r1-r2').down()  |  link(name: 'r1-r2', state: 'down')  |  link(name: 'x', loss: '5%')
class LinkStep final : public SignedStep {
 public:
  LinkStep()
      : SignedStep(step(
            "link", "name",
            "A link of the topology around: gives an object with up(), down(), set(loss: '5%'), "
            "capture('x.pcap') and stopCapture(); what else is said here is done at once",
            parameters())) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto name = TRY(arguments.text("name"));
    TRY(topology_around(context.here()));
    if (arguments.has("state")) {
      const auto state = TRY(arguments.text("state"));
      if (state != "up" && state != "down")
        return raise("java.lang.IllegalArgumentException",
                     "link: 'state' is 'up' or 'down', not '{}'", state);
      LinkOrder order{.state = state == "up" ? Links::State::up : Links::State::down,
                      .words = "is " + state};
      TRY(perform(name, order, context.outer()));
    }
    std::vector<std::pair<std::string, Value>> changes;
    for (const auto& [key, value] : arguments.all())
      if (key != "name" && key != "state" && key != "capture") changes.emplace_back(key, value);
    if (!changes.empty()) {
      LinkOrder order;
      TRY(add_changes(changes, order));
      TRY(perform(name, order, context.outer()));
    }
    if (arguments.has("capture")) {
      const auto file = TRY(arguments.text("capture"));
      TRY(perform(name, {.capture = file, .words = "is captured to " + file}, context.outer()));
    }
    return Value(std::shared_ptr<Object>(std::make_shared<LinkObject>(name)));
  }

 private:
  static Parameters parameters() {
    return {needs("name", Kind::text, "Its name in topology.toml"),
            takes_one_of("state", {"up", "down"}, "as it is", "Whether it carries frames"),
            takes("rate", Kind::any, "as it is", "Bits a second, as '100Mbit', or 'none'"),
            takes("delay", Kind::any, "as it is", "As '5ms' or '250us'"),
            takes("jitter", Kind::any, "as it is", "How far the delay spreads to both sides"),
            takes("loss", Kind::any, "as it is", "Of a hundred frames, as '1%' or 1"),
            takes("duplicate", Kind::any, "as it is", "Of a hundred frames, those that come twice"),
            takes("reorder", Kind::any, "as it is", "Of a hundred frames, those that overtake"),
            takes("mtu", Kind::any, "as it is", "Bytes of payload; longer frames are dropped"),
            takes("queue", Kind::any, "as it is", "What may wait where there is a rate: '64KiB'"),
            takes("capture", Kind::text, "none", "An artifact for what arrives, as pcap")};
  }
};

/// topology('lab.toml') { ... }
class TopologyStep final : public SignedStep {
 public:
  TopologyStep()
      : SignedStep(
            block("topology", "file",
                  "Starts the machines and links of a topology.toml for the body, which runs "
                  "on none of them: see machine and onMachines",
                  {needs("file", Kind::text, "In the project")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    return with_topology(TRY(arguments.text("file")), context.outer(),
                         [&](Context& inner) { return context.run_body(inner); });
  }
};

/// onMachines('r1', 'r2') { ... }
class OnMachines final : public SignedStep {
 public:
  OnMachines()
      : SignedStep(block("onMachines", "names",
                         "Runs the body on several machines of the topology around, side by side",
                         {needs("names", Kind::list, "The machines: onMachines('a', 'b') { }")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(topology_around(context.here()));
    std::vector<BranchWork> branches;
    for (const auto& name : TRY(arguments.texts("names")))
      branches.push_back(
          {name, [&context, name](Context& own) {
             return in_stage(name, Observer::StageKind::bare_branch, own, [&](Context& inner) {
               return on_machine(name, inner,
                                 [&](Context& there) { return context.run_body(there); });
             });
           }});
    TRY(run_branches(branches, FailFast::no, context.here()));
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_link() { return std::make_unique<LinkStep>(); }
std::unique_ptr<Step> make_topology() { return std::make_unique<TopologyStep>(); }
std::unique_ptr<Step> make_on_machines() { return std::make_unique<OnMachines>(); }

}  // namespace cupel::pipeline::steps
