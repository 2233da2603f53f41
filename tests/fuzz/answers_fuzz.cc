// What is in the messages of RPC, each in the bounds of its reader: what a client sends and asks,
// as the node reads it, and what a node answers, as the client reads it. The first byte chooses the
// type, the rest is a framed message. What is read is written, and read again, to the same bytes.
#include <capnp/serialize.h>
#include <kj/exception.h>
#include <kj/io.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "ledger/base/limits.h"
#include "proto/rpc_bounds.h"
#include "proto/rpc_codec.h"
#include "tests/fuzz/fuzz.h"

namespace suyuan {
namespace {

// The node's and the client's bound is 16 MiB: it lets a small input claim two million elements,
// which takes long and shows nothing more.
constexpr size_t kMessageBytesMax = size_t{256} << 10;

template <class T>
bool has_value(const Result<T>& read) {
  return read.has_value();
}
template <class T>
bool has_value(const Answer<T>& read) {
  return read.value.has_value();
}
bool has_value(const SubmitAnswer& read) { return read.outcome.has_value(); }

template <class T>
const T& value_of(const Result<T>& read) {
  return *read;
}
template <class T>
const Answer<T>& value_of(const Answer<T>& read) {
  return read;
}
const SubmitAnswer& value_of(const SubmitAnswer& read) { return read; }

void check_bounds(const Submission& sent) {
  SUYUAN_CHECK(sent.note.size() <= limits::kNoteBytesMax);
  SUYUAN_CHECK(sent.events.size() <= limits::kBatchEventsMax);
  size_t bytes = 0;
  for (const EventBody& event : sent.events) {
    bytes += event.payload.size();
    for (const SectionBody& section : event.sections) bytes += section.bytes.size();
  }
  SUYUAN_CHECK(bytes <= limits::kBatchBytesMax);
}
void check_bounds(const CodeQuestion& asked) {
  SUYUAN_CHECK(asked.code.size() <= limits::kTextBytesMax);
  SUYUAN_CHECK(asked.page.size() <= limits::kTextBytesMax);
  SUYUAN_CHECK(asked.viewer == Viewer{});  // nobody says in a question who he is
}
template <class T>
void check_bounds(const T&) {}

template <class Wire, class T>
kj::Array<capnp::word> message_of(const T& value) {
  capnp::MallocMessageBuilder message;
  to_wire(value, message.initRoot<Wire>());
  return capnp::messageToFlatArray(message);
}

// Reads our own message without a bound: what many pointers shared is written for each of them.
template <class Wire>
auto read_own(kj::ArrayPtr<const capnp::word> words) {
  capnp::ReaderOptions all;
  all.traversalLimitInWords = UINT64_MAX;
  capnp::FlatArrayMessageReader message(words, all);
  return from_wire(message.getRoot<Wire>());
}

template <class Wire>
void check(capnp::MessageReader& message) {
  const auto read = from_wire(message.getRoot<Wire>());
  if (!has_value(read)) return;
  const auto& value = value_of(read);
  check_bounds(value);
  const auto written = message_of<Wire>(value);
  const auto again = read_own<Wire>(written);
  SUYUAN_CHECK(has_value(again));
  const auto twice = message_of<Wire>(value_of(again));
  SUYUAN_CHECK(written.asBytes() == twice.asBytes());
}

using Check = void (*)(capnp::MessageReader&);
constexpr std::array<Check, 27> kChecks = {
    check<wire::Submission>,       check<wire::AtLeast>,       check<wire::CodeQuestion>,
    check<wire::RegistryQuestion>, check<wire::Place>,         check<wire::Scan>,
    check<wire::SubmitAnswer>,     check<wire::ReceiptAnswer>, check<wire::EventAnswer>,
    check<wire::TraceAnswer>,      check<wire::ChainAnswer>,   check<wire::StateAnswer>,
    check<wire::ContentsAnswer>,   check<wire::CustodyAnswer>, check<wire::ForwardAnswer>,
    check<wire::RecallAnswer>,     check<wire::BalanceAnswer>, check<wire::PartiesAnswer>,
    check<wire::ProductsAnswer>,   check<wire::SitesAnswer>,   check<wire::StatusAnswer>,
    check<wire::CheckpointAnswer>, check<wire::BundleAnswer>,  check<wire::VerdictAnswer>,
    check<wire::ChallengeAnswer>,  check<wire::SessionAnswer>, check<wire::AccessAnswer>};

// Seeds.

class Seeds {
 public:
  template <class Wire, class T>
  void add(const T& value) {
    const auto words = message_of<Wire>(value);
    const auto bytes = words.asBytes();
    const auto type = static_cast<char>(std::find(kChecks.begin(), kChecks.end(), check<Wire>) -
                                        kChecks.begin());
    all_.push_back(type + std::string(reinterpret_cast<const char*>(bytes.begin()), bytes.size()));
  }
  template <class Wire, class T>
  void add_answer(const T& value) {
    add<Wire>(Answer<T>{.head = {.size = 41, .time_ms = 1'780'000'000'000, .code = kCode},
                        .value = value});
  }
  std::vector<std::string> all() && { return std::move(all_); }

  static constexpr char kCode[] = "https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52";

 private:
  std::vector<std::string> all_;
};

const Place kPlace{.leaf = 40, .event = 3};

Hash some_hash(char letter) { return Hash::from(Bytes(Hash::kSize, letter)); }

Finding some_finding() {
  return {.flag = static_cast<decltype(Finding::flag)>(0),
          .event = kPlace,
          .reason = "why",
          .codes = {Seeds::kCode},
          .related = {kPlace}};
}

BatchReceipt some_receipt() {
  return {.note = "a note",
          .leaf = 40,
          .path = {some_hash('p')},
          .time_ms = 1'780'000'000'000,
          .heads = {{.code = Seeds::kCode, .head = {.count = 2, .link = some_hash('l')}}},
          .findings = {some_finding()},
          .repeated = true,
          .held = {.nodes = {"node-a", "node-b"},
                   .of = 3,
                   .checkpoint = "a checkpoint",
                   .path = {some_hash('q')}}};
}

PartyState some_party() {
  PartyState party;
  party.data.id = "party";
  party.data.name = "A party";
  party.keys.emplace_back().key_id = 7;
  party.delegations.emplace_back().signer = "another";
  return party;
}

EventView some_event() {
  return {.place = kPlace,
          .time_ms = 1'780'000'000'000,
          .note = "a note",
          .record = Bytes(40, 'r'),
          .path = {some_hash('p')},
          .state = PayloadState::open,
          .salt = Salt::from(Bytes(Salt::kSize, 's')),
          .payload = Bytes(30, 'p'),
          .findings = {some_finding()},
          .withdrawn_by = 41,
          .erased = {{.digest = some_hash('d'), .notice = 39}},
          .sections = {{.index = 1,
                        .salt = Salt::from(Bytes(Salt::kSize, 't')),
                        .bytes = Bytes(20, 'b')}}};
}

}  // namespace
}  // namespace suyuan

std::vector<std::string> suyuan::fuzz::seeds() {
  const Decimal half = Decimal::make(5, 1).value();
  Seeds seeds;
  seeds.add<wire::Submission>(
      Submission{.note = "a note",
                 .events = {{.salt = Salt::from(Bytes(Salt::kSize, 's')),
                             .payload = Bytes(30, 'p'),
                             .sections = {{.salt = Salt::from(Bytes(Salt::kSize, 't')),
                                           .bytes = Bytes(20, 'b')}}}}});
  seeds.add<wire::AtLeast>(AtLeast{.size = 41, .wait_ms = 1000});
  seeds.add<wire::CodeQuestion>(CodeQuestion{.code = Seeds::kCode,
                                             .as_of = {.at_ms = 1'780'000'000'000, .known_at = 41},
                                             .at_least = {.size = 41, .wait_ms = 1},
                                             .limit = 10,
                                             .page = "next"});
  seeds.add<wire::RegistryQuestion>(RegistryQuestion{.id = "party", .limit = 10, .page = "next"});
  seeds.add<wire::Place>(kPlace);
  seeds.add<wire::Scan>(ScanRequest{
      .code = Seeds::kCode, .device = "device", .place = "CN-FJ/福州", .inner = "inner"});
  seeds.add<wire::SubmitAnswer>(SubmitAnswer{.head = {.size = 41}, .outcome = some_receipt()});
  seeds.add<wire::SubmitAnswer>(SubmitAnswer{
      .head = {.retry_after_ms = 250},
      .outcome = Unexpected(Errors{{.code = Code::BUSY, .message = "busy", .field = "x"}})});
  seeds.add_answer<wire::ReceiptAnswer>(some_receipt());
  seeds.add_answer<wire::EventAnswer>(some_event());
  seeds.add_answer<wire::TraceAnswer>(
      TracePage{.trace = {.steps = {{.place = kPlace, .step = "packing", .withdrawn_by = 41}},
                          .containers = {Seeds::kCode},
                          .documents = {"a document"}},
                .events = {some_event()},
                .next = "next"});
  seeds.add_answer<wire::ChainAnswer>(
      ChainPage{.head = {.code = Seeds::kCode, .head = {.count = 1, .link = some_hash('l')}},
                .entries = {{.n = 1, .link = {.place = kPlace, .link = some_hash('l')}}},
                .events = {some_event()},
                .next = "next"});
  seeds.add_answer<wire::StateAnswer>(ThingState{.code = Seeds::kCode,
                                                 .exists = true,
                                                 .disposition = "active",
                                                 .balance = half,
                                                 .uom = "KGM"});
  seeds.add_answer<wire::ContentsAnswer>(
      Contents{.items = {{.code = Seeds::kCode, .parent = "box", .depth = 1}}, .truncated = true});
  seeds.add_answer<wire::CustodyAnswer>(
      std::vector<Holding>{{.custodian = "party", .from_ms = 1, .place = kPlace}});
  seeds.add_answer<wire::ForwardAnswer>(
      Forward{.lots = {"a lot"}, .units = {{.code = Seeds::kCode, .lot = "a lot"}}, .next = "n"});
  seeds.add_answer<wire::RecallAnswer>(
      Recall{.lots = {"a lot"}, .groups = {{.custodian = "party", .units = 2}}, .units_total = 2});
  seeds.add_answer<wire::BalanceAnswer>(
      std::vector<BalanceLine>{{.place = kPlace, .amount = half, .uom = "KGM", .left = half}});
  seeds.add_answer<wire::PartiesAnswer>(Page<PartyState>{.items = {some_party()}});
  seeds.add_answer<wire::ProductsAnswer>(
      Page<ProductData>{.items = {{.gtin = "09521104301011", .name = "Milk"}}, .next = "next"});
  seeds.add_answer<wire::SitesAnswer>(
      Page<SiteData>{.items = {{.gln = "9521101100006", .party = "party"}}, .next = "next"});
  seeds.add_answer<wire::StatusAnswer>(Status{.genesis_leaf = "leaf", .node = "node-a"});
  seeds.add_answer<wire::CheckpointAnswer>(
      CheckpointProof{.note = "a checkpoint", .path = {some_hash('p')}});
  seeds.add_answer<wire::BundleAnswer>(BundleText{.text = "{}"});
  seeds.add_answer<wire::VerdictAnswer>(VerdictView{});
  seeds.add_answer<wire::ChallengeAnswer>(Challenge{.node = "node-a", .until_ms = 1});
  seeds.add_answer<wire::SessionAnswer>(OpenedSession{.token = "token", .party = "party"});
  seeds.add_answer<wire::AccessAnswer>(
      AccessPage{.entries = {{.number = 1, .party = "party", .places = {kPlace}}}, .oldest = 1});
  return std::move(seeds).all();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  if (size == 0) return 0;
  const auto check_type = kChecks[data[0] % kChecks.size()];
  try {
    kj::ArrayInputStream bytes(kj::arrayPtr(data + 1, size - 1));
    capnp::InputStreamMessageReader message(bytes, rpc_reader_options(kMessageBytesMax));
    check_type(message);
  } catch (const kj::Exception&) {
    // The frame is broken, or what it points to: RPC ends such a connection.
  }
  return 0;
}
