// The scenario of tests/scenario on a running node: infant formula from two farms to a consumer, 32
// submissions.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/keys.h"
#include "proto/json/event_json.h"
#include "tests/e2e/running_node.h"

namespace suyuan::test {

class Scenario {
 public:
  // Registers everyone and posts everything, with the clock at each submission's recorded time.
  // Once for a program.
  static Scenario& get();

  Connection& node() { return *connection_; }
  RunningNode& running() { return *running_; }
  // The node's data directory; once it is stopped nothing else of this may be used.
  std::string folder() const { return folder_.path(); }
  void stop() {
    connection_.reset();
    running_.reset();
  }
  // As one signed batch of the party. Events in the form of docs/events.md.
  SubmitAnswer post(const std::string& party, const std::string& events_json);
  SubmitAnswer post(const std::string& party, std::vector<JsonEvent> events);
  // The scenario ids ("A09") of the events in a trace.
  static std::set<std::string> ids_of(const std::vector<EventView>& events);
  static CodeQuestion ask(const std::string& code, const std::string& at = {});

 private:
  Scenario();
  void register_all(const std::string& folder);
  void post_all(const std::string& folder);

  TempFolder folder_;
  std::unique_ptr<RunningNode> running_;
  std::unique_ptr<Connection> connection_;
  std::map<std::string, NamedKeyPair> keys_;
};

}  // namespace suyuan::test
