#include <capnp/message.h>
#include <capnp/serialize.h>
#include <gtest/gtest.h>

#include "proto/rpc_codec.h"
#include "tests/support/random_event.h"

namespace suyuan {
namespace {

using testing::Random;

const AnswerHead kHead{.size = 7, .time_ms = 1780378200000, .retry_after_ms = 3, .code = "c"};

// The answer after a way over the wire and back, and its bytes once more: equal bytes are equal
// values, since to_wire writes every field.
template <class Wire, class A>
A over_the_wire(const A& answer) {
  capnp::MallocMessageBuilder there;
  to_wire(answer, there.initRoot<Wire>());
  A back = from_wire(there.getRoot<Wire>().asReader());
  capnp::MallocMessageBuilder again;
  to_wire(back, again.initRoot<Wire>());
  EXPECT_TRUE(capnp::messageToFlatArray(there).asBytes() ==
              capnp::messageToFlatArray(again).asBytes());
  EXPECT_EQ(back.head, answer.head);
  return back;
}

Finding a_finding() {
  return {.flag = Flag::CUSTODY_BREAK,
          .event = {.leaf = 3, .event = 1},
          .reason = "held by cn-bond",
          .codes = {"a", "b"},
          .related = {{.leaf = 0, .event = 0}, {.leaf = 2, .event = 5}}};
}

EventView an_event_view(Random& random) {
  return {.place = {.leaf = 3, .event = 1},
          .time_ms = 5,
          .note = "note",
          .record = random.bytes(50),
          .path = {random.fixed<Hash>(), random.fixed<Hash>()},
          .state = PayloadState::open,
          .salt = random.fixed<Salt>(),
          .payload = random.bytes(24),
          .findings = {a_finding()},
          .withdrawn_by = 9};
}

BatchReceipt a_receipt(Random& random) {
  return {.note = "receipt\n\n— node x\n",
          .leaf = 4,
          .path = {random.fixed<Hash>()},
          .time_ms = 6,
          .heads = {{.code = "a", .head = {.count = 2, .link = random.fixed<Hash>()}}},
          .findings = {a_finding()},
          .repeated = true,
          .held = {.nodes = {"node-1", "node-2"},
                   .of = 3,
                   .checkpoint = "log\n5\n",
                   .path = {random.fixed<Hash>(), random.fixed<Hash>()}}};
}

ThingState a_state() {
  return {.code = "c", .exists = true, .disposition = "active", .custodian = "p", .inside = "i",
          .inside_all = {"i", "j"}, .location = "l", .lot = "m", .balance = Decimal::make(-5, 1),
          .uom = "KGM"};
}

TEST(Answers, AReceiptComesBackEqual) {
  Random random(1);
  const BatchReceipt receipt = a_receipt(random);
  const auto back = over_the_wire<wire::ReceiptAnswer>(Answer<BatchReceipt>{kHead, receipt});
  ASSERT_TRUE(back.value) << to_text(back.value.error());
  EXPECT_EQ(*back.value, receipt);
  EXPECT_EQ(back.value->held, receipt.held);
}

TEST(Answers, ASubmissionsReceiptComesBackEqual) {
  Random random(1);
  const BatchReceipt receipt = a_receipt(random);
  const auto back = over_the_wire<wire::SubmitAnswer>(SubmitAnswer{kHead, receipt});
  ASSERT_TRUE(back.outcome);
  EXPECT_EQ(*back.outcome, receipt);
  EXPECT_EQ(back.outcome->held, receipt.held);
}

TEST(Answers, EveryErrorComesBackEqual) {
  for (const auto& code : all_codes()) {
    const Errors errors = {{.code = code.code, .message = "m", .field = "f[1]", .event = 3},
                           {.code = code.code, .message = ""}};
    const auto back =
        over_the_wire<wire::SubmitAnswer>(SubmitAnswer{kHead, Unexpected(errors)});
    ASSERT_FALSE(back.outcome);
    EXPECT_EQ(back.outcome.error(), errors);
    const auto status =
        over_the_wire<wire::StatusAnswer>(Answer<Status>{kHead, Unexpected(errors[0])});
    ASSERT_FALSE(status.value);
    EXPECT_EQ(status.value.error(), errors[0]);
  }
}

TEST(Answers, AnEventComesBackEqualInEveryPayloadState) {
  Random random(1);
  EventView event = an_event_view(random);
  const auto back = over_the_wire<wire::EventAnswer>(Answer<EventView>{kHead, event});
  ASSERT_TRUE(back.value) << to_text(back.value.error());
  EXPECT_EQ(*back.value, event);
  for (const auto state : {PayloadState::withheld, PayloadState::erased}) {
    event.state = state;
    event.salt = {};
    event.payload.clear();
    event.withdrawn_by.reset();
    const auto hidden = over_the_wire<wire::EventAnswer>(Answer<EventView>{kHead, event});
    ASSERT_TRUE(hidden.value);
    EXPECT_EQ(*hidden.value, event);
  }
}

TEST(Answers, ATracePageComesBackEqual) {
  Random random(1);
  TracePage page;
  page.trace.steps = {{.place = {.leaf = 1, .event = 2},
                       .event_time_ms = -3,
                       .kind = Kind::inspection,
                       .step = "inspecting",
                       .relation = Relation::document,
                       .via = "v",
                       .no_effect = true,
                       .withdrawn_by = 0},
                      {}};
  page.trace.containers = {"a"};
  page.trace.ancestors = {"b", "c"};
  page.trace.origins = {"d"};
  page.trace.documents = {"e"};
  page.events = {an_event_view(random)};
  page.next = "token";
  const auto back = over_the_wire<wire::TraceAnswer>(Answer<TracePage>{kHead, page});
  ASSERT_TRUE(back.value) << to_text(back.value.error());
  EXPECT_EQ(back.value->trace.steps, page.trace.steps);
  EXPECT_EQ(back.value->trace.ancestors, page.trace.ancestors);
  EXPECT_EQ(back.value->trace.documents, page.trace.documents);
  EXPECT_EQ(back.value->events, page.events);
  EXPECT_EQ(back.value->next, "token");
}

TEST(Answers, AChainPageComesBackEqual) {
  Random random(1);
  ChainPage page;
  page.head = {.code = "c", .head = {.count = 2, .link = random.fixed<Hash>()}};
  page.entries = {{.n = 1, .link = {.place = {1, 0}, .link = random.fixed<Hash>()}}};
  page.next = "token";
  const auto back = over_the_wire<wire::ChainAnswer>(Answer<ChainPage>{kHead, page});
  ASSERT_TRUE(back.value) << to_text(back.value.error());
  EXPECT_EQ(back.value->head, page.head);
  ASSERT_EQ(back.value->entries.size(), 1U);
  EXPECT_EQ(back.value->entries[0].link, page.entries[0].link);
}

TEST(Answers, WhatAThingIsAndHoldsComesBackEqual) {
  const auto state = over_the_wire<wire::StateAnswer>(Answer<ThingState>{kHead, a_state()});
  ASSERT_TRUE(state.value);
  EXPECT_EQ(state.value->inside_all, a_state().inside_all);
  EXPECT_EQ(state.value->balance, a_state().balance);

  const Contents contents{.items = {{.code = "a", .parent = "b", .depth = 3}}, .truncated = true};
  const auto held = over_the_wire<wire::ContentsAnswer>(Answer<Contents>{kHead, contents});
  ASSERT_TRUE(held.value);
  EXPECT_EQ(held.value->items.at(0).depth, 3U);
  EXPECT_TRUE(held.value->truncated);

  const std::vector<Holding> holdings = {{.custodian = "p", .from_ms = 3, .place = {2, 1}}};
  const auto custody =
      over_the_wire<wire::CustodyAnswer>(Answer<std::vector<Holding>>{kHead, holdings});
  ASSERT_TRUE(custody.value);
  EXPECT_EQ(custody.value->at(0).custodian, "p");
  EXPECT_EQ(custody.value->at(0).from_ms, 3);
}

TEST(Answers, WhatBecameOfAThingComesBackEqual) {
  Forward forward;
  forward.lots = {"l"};
  forward.units = {{.code = "u", .lot = "l", .state = a_state()}};
  forward.next = "n";
  forward.units_total = 100000;
  const auto units = over_the_wire<wire::ForwardAnswer>(Answer<Forward>{kHead, forward});
  ASSERT_TRUE(units.value);
  EXPECT_EQ(units.value->units.at(0).state.custodian, "p");
  EXPECT_EQ(units.value->units_total, 100000U);

  Recall recall;
  recall.lots = {"l"};
  recall.unit_lots = {"m"};
  recall.groups = {{.custodian = "p", .disposition = "d", .units = 5, .examples = {"e"}}};
  recall.units_total = 5;
  recall.agents = {"a"};
  recall.notify = {"n"};
  const auto list = over_the_wire<wire::RecallAnswer>(Answer<Recall>{kHead, recall});
  ASSERT_TRUE(list.value);
  EXPECT_EQ(list.value->unit_lots, recall.unit_lots);
  EXPECT_EQ(list.value->groups.at(0).examples, recall.groups[0].examples);
  EXPECT_EQ(list.value->notify, recall.notify);

  const std::vector<BalanceLine> lines = {{.place = {1, 0}, .event_time_ms = 4,
                                           .amount = *Decimal::make(-25, 1), .uom = "KGM",
                                           .left = {}}};
  const auto balance =
      over_the_wire<wire::BalanceAnswer>(Answer<std::vector<BalanceLine>>{kHead, lines});
  ASSERT_TRUE(balance.value);
  EXPECT_EQ(balance.value->at(0).amount, lines[0].amount);
}

TEST(Answers, TheRegistryComesBackEqual) {
  Random random(1);
  PartyState party;
  party.data = {.id = "p", .name = "n", .roles = {Role::producer, Role::lab}};
  party.keys = {{.key = random.fixed<PublicKey>(), .key_id = 5, .registered = 1, .revoked = 7,
                 .suspect_from = 0}};
  party.delegations = {{.signer = "s", .until_ms = 9, .granted = 2, .ended = {}}};
  party.registered = 1;
  const Page<PartyState> parties{.items = {party}, .next = "q"};
  const auto back = over_the_wire<wire::PartiesAnswer>(Answer<Page<PartyState>>{kHead, parties});
  ASSERT_TRUE(back.value) << to_text(back.value.error());
  EXPECT_EQ(back.value->items, parties.items);
  EXPECT_EQ(back.value->next, "q");

  const Page<ProductData> products{.items = {{.gtin = "g", .name = "n", .owner = "p"}}};
  const auto goods =
      over_the_wire<wire::ProductsAnswer>(Answer<Page<ProductData>>{kHead, products});
  ASSERT_TRUE(goods.value);
  EXPECT_EQ(goods.value->items, products.items);

  const Page<SiteData> sites{.items = {{.gln = "g", .party = "p", .name = "n"}}};
  const auto places = over_the_wire<wire::SitesAnswer>(Answer<Page<SiteData>>{kHead, sites});
  ASSERT_TRUE(places.value);
  EXPECT_EQ(places.value->items, sites.items);
}

TEST(Answers, TheStatusComesBackEqual) {
  const Status status{.genesis_leaf = "leaf", .node = "n", .version = "0.1.0", .rules = 1,
                      .events = 2, .chains = 3, .position = 4, .queued = 5, .read_only = "why",
                      .published_size = 6, .published_time_ms = 7};
  const auto back = over_the_wire<wire::StatusAnswer>(Answer<Status>{kHead, status});
  ASSERT_TRUE(back.value);
  EXPECT_EQ(*back.value, status);
}

TEST(Answers, AnAnswerThatNobodyFilledIsAnError) {
  capnp::MallocMessageBuilder message;
  EXPECT_FALSE(from_wire(message.initRoot<wire::StatusAnswer>().asReader()).value);
  EXPECT_FALSE(from_wire(message.initRoot<wire::SubmitAnswer>().asReader()).outcome);
}

TEST(Answers, AnErrorOfALaterVersionKeepsItsName) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<wire::StatusAnswer>();
  root.initError().setCode("NEWER_RULE");
  const auto answer = from_wire(root.asReader());
  ASSERT_FALSE(answer.value);
  EXPECT_EQ(answer.value.error().code, Code::BAD_REQUEST);
  EXPECT_NE(answer.value.error().message.find("NEWER_RULE"), std::string::npos);
}

TEST(Answers, AFindingOfALaterVersionIsNotLeftOut) {
  Random random(1);
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<wire::EventAnswer>();
  to_wire(Answer<EventView>{kHead, an_event_view(random)}, root);
  root.getEvent().getFindings()[0].setFlag("NEWER_FLAG");
  const auto answer = from_wire(root.asReader());
  ASSERT_FALSE(answer.value);
  EXPECT_EQ(answer.value.error().code, Code::UNSUPPORTED_TYPE);
  EXPECT_EQ(answer.value.error().field, "findings[0].flag");
}

TEST(Questions, ComeBackEqual) {
  const CodeQuestion asked{.code = "c", .as_of = {.at_ms = 0, .known_at = 0},
                           .at_least = {.size = 4, .wait_ms = 5}, .limit = 6, .page = "p"};
  capnp::MallocMessageBuilder message;
  to_wire(asked, message.initRoot<wire::CodeQuestion>());
  const auto back = from_wire(message.getRoot<wire::CodeQuestion>().asReader());
  ASSERT_TRUE(back);
  EXPECT_EQ(back->code, "c");
  EXPECT_EQ(back->as_of.at_ms, 0);
  EXPECT_EQ(back->as_of.known_at, 0U);
  EXPECT_EQ(back->at_least, asked.at_least);
  EXPECT_EQ(back->limit, 6U);
  EXPECT_EQ(back->page, "p");

  const RegistryQuestion entry{.id = "p", .at_least = {1, 2}, .limit = 3, .page = "q"};
  to_wire(entry, message.initRoot<wire::RegistryQuestion>());
  const auto again = from_wire(message.getRoot<wire::RegistryQuestion>().asReader());
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, entry);
}

TEST(Questions, WithoutATimeAskForTheNewest) {
  capnp::MallocMessageBuilder message;
  const auto back = from_wire(message.initRoot<wire::CodeQuestion>().asReader());
  ASSERT_TRUE(back);
  EXPECT_FALSE(back->as_of.at_ms);
  EXPECT_FALSE(back->as_of.known_at);
}

TEST(Questions, RefuseTextThatIsNotUtf8) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<wire::CodeQuestion>();
  root.setCode("\xFF");
  const auto back = from_wire(root.asReader());
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, Code::BAD_TEXT);
  EXPECT_EQ(back.error().field, "code");
}

TEST(Answers, AVerdictComesBackEqual) {
  VerdictView view{.verdict = ScanVerdict::CLONE_SUSPECT,
                   .title = {.zh = "题", .en = "title"},
                   .advice = {.zh = "劝", .en = "advice"},
                   .at_ms = 5,
                   .recorded = true,
                   .kept_days = 180};
  view.reasons = {{.code = "SCAN_COUNT", .text = {.zh = "故", .en = "why"}, .events = {{3, 1}}}};
  view.steps = {{.step = "origin", .title = {.zh = "源", .en = "origin"}, .events = {{1, 0}}}};
  view.scans = {.available = true,
                .count = 9,
                .by_this_device = 2,
                .devices = 7,
                .first = Seen{.time_ms = 1, .place = "CN-FJ/福州", .place_en = "CN-FJ/Fuzhou"},
                .last = Seen{.time_ms = 2, .place = ""},
                .places = {{.place = "CN-FJ/福州", .count = 8, .place_en = "CN-FJ/Fuzhou"}}};
  const auto back = over_the_wire<wire::VerdictAnswer>(Answer<VerdictView>{kHead, view});
  ASSERT_TRUE(back.value) << to_text(back.value.error());
  EXPECT_EQ(back.value->verdict, view.verdict);
  EXPECT_EQ(back.value->title, view.title);
  EXPECT_EQ(back.value->reasons, view.reasons);
  EXPECT_EQ(back.value->steps, view.steps);
  EXPECT_EQ(back.value->scans, view.scans);
}

TEST(Questions, AScanComesBackEqual) {
  const ScanRequest scan{.code = "c", .device = "d", .place = "CN-FJ/福州", .inner = "i"};
  capnp::MallocMessageBuilder message;
  to_wire(scan, message.initRoot<wire::Scan>());
  const auto back = from_wire(message.getRoot<wire::Scan>().asReader());
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(*back, scan);
}

}  // namespace
}  // namespace suyuan
