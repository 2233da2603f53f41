// Verifying events that a node shows, against a node that lies: it stands between the client and an
// honest one, and answers some questions with other events' answers.
#include "client/verify.h"

#include <capnp/ez-rpc.h>
#include <gtest/gtest.h>
#include <kj/async-io.h>

#include <atomic>
#include <future>
#include <thread>

#include "proto/ledger.capnp.h"
#include "proto/rpc_codec.h"
#include "tests/e2e/small_ledger.h"

namespace suyuan::test {
namespace {

// Set before the questions are asked.
struct Lies {
  std::map<Place, Place> events;               // asked for the first, it shows the second
  std::map<std::string, uint64_t> registered;  // of the party's first key
};

// KJ counts references to it: nobody deletes it through the base.
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
class LyingLedger final : public wire::Ledger::Server {
 public:
  LyingLedger(wire::Ledger::Client node, const Lies& lies) : node_(kj::mv(node)), lies_(lies) {}

  kj::Promise<void> event(EventContext context) override {
    Place place;
    place.leaf = context.getParams().getPlace().getLeaf();
    place.event = context.getParams().getPlace().getEvent();
    if (const auto lie = lies_.events.find(place); lie != lies_.events.end()) place = lie->second;
    auto request = node_.eventRequest();
    to_wire(place, request.initPlace());
    request.setWithPath(context.getParams().getWithPath());
    return request.send().then([context](auto response) mutable {
      context.getResults().setAnswer(response.getAnswer());
    });
  }
  kj::Promise<void> receipt(ReceiptContext context) override {
    auto request = node_.receiptRequest();
    request.setBatch(context.getParams().getBatch());
    return request.send().then([context](auto response) mutable {
      context.getResults().setAnswer(response.getAnswer());
    });
  }
  kj::Promise<void> parties(PartiesContext context) override {
    auto request = node_.partiesRequest();
    request.setAsk(context.getParams().getAsk());
    return request.send().then([this, context](auto response) mutable {
      auto answer = from_wire(response.getAnswer());
      for (auto& party : answer.value->items) {
        const auto lie = lies_.registered.find(party.data.id);
        if (lie != lies_.registered.end()) party.keys.at(0).registered = lie->second;
      }
      to_wire(answer, context.getResults().initAnswer());
    });
  }

 private:
  wire::Ledger::Client node_;
  const Lies& lies_;
};

// Serves on a thread of its own: KJ has one event loop for each.
class Liar {
 public:
  Liar(const std::string& node, const Lies& lies) {
    std::promise<uint16_t> listening;
    thread_ = std::thread([this, node, &lies, &listening] {
      capnp::EzRpcClient client(node);
      capnp::EzRpcServer server(kj::heap<LyingLedger>(client.getMain<wire::Ledger>(), lies),
                                "127.0.0.1", 0);
      auto& scope = server.getWaitScope();
      listening.set_value(static_cast<uint16_t>(server.getPort().wait(scope)));
      auto& timer = server.getIoProvider().getTimer();
      while (!stop_) timer.afterDelay(5 * kj::MILLISECONDS).wait(scope);
    });
    address_ = "127.0.0.1:" + std::to_string(listening.get_future().get());
  }
  ~Liar() {
    stop_ = true;
    thread_.join();
  }
  Liar(const Liar&) = delete;
  Liar& operator=(const Liar&) = delete;
  const std::string& address() const { return address_; }

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
  std::string address_;
};

class VerifyTest : public ::testing::Test {
 protected:
  BatchReceipt store(const std::string& party, const std::string& serial) {
    return ledger_.accept(
        party, {testing::observe("09:30", "storing", {"sgtin:" + kFormula + ":" + serial})});
  }
  EventView shown(Place place) {
    auto answer = ledger_.rpc().event(place, true);
    EXPECT_TRUE(answer.value);
    return *std::move(answer.value);
  }
  // On a thread of its own, as the liar's.
  Result<Done> verified(const EventView& view) {
    const Liar liar(ledger_.running().rpc_address(), lies_);
    auto asked = std::async(std::launch::async, [&]() -> Result<Done> {
      SUYUAN_TRY(connection, Connection::open({.node = liar.address()}));
      Verifier verifier(*connection, ledger_.running().ledger());
      return verifier.check(view);
    });
    return asked.get();
  }

  SmallLedger ledger_;
  Lies lies_;
};

TEST_F(VerifyTest, TakesWhatIsTrue) {
  const auto place = Place{.leaf = store("maker", "A1").leaf, .event = 0};
  const auto done = verified(shown(place));
  EXPECT_TRUE(done) << to_text(done.error());
}

TEST_F(VerifyTest, FindsAnEventThatIsShownAtAnotherPlace) {
  const Place place{.leaf = store("maker", "A1").leaf, .event = 0};
  const Place other{.leaf = store("maker", "A2").leaf, .event = 0};
  EventView view = shown(place);
  view.place = other;
  lies_.events[other] = place;
  const auto done = verified(view);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::ROOT_MISMATCH);
}

TEST_F(VerifyTest, FindsAKeyThatIsSaidToBeRegisteredEarlierThanItWas) {
  const Place registration{
      .leaf = ledger_
                  .accept(ledger_.acts(
                      "registrar", {registered_party("late", Role::manufacturer,
                                                     {ledger_.key_entry("late", "late")})}))
                  .leaf,
      .event = 0};
  const auto view = shown({.leaf = store("late", "A1").leaf, .event = 0});
  const auto honest = verified(view);
  ASSERT_TRUE(honest) << to_text(honest.error());
  lies_.registered["late"] = 2;
  lies_.events[{.leaf = 2, .event = 0}] = registration;
  const auto done = verified(view);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::ROOT_MISMATCH);
}

}  // namespace
}  // namespace suyuan::test
