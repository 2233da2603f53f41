#include "tests/simulation/input.h"

#include "ledger/apply/log_reader.h"
#include "node/pipeline/receipts.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"

namespace suyuan::sim {
namespace {

constexpr size_t kBatches = 60;

Bytes encoded(const EventValue& value) {
  if (const auto* act = std::get_if<RegistryEvent>(&value)) return encode_registry(*act);
  return encode_event(std::get<TraceEvent>(value));
}

std::string unit(size_t n) { return "sgtin:09521104301011:U" + std::to_string(n); }

// Few codes, so that chains grow long. A unit that two batches commission is refused in the second.
std::vector<TraceEvent> events(size_t n) {
  switch (n % 4) {
    case 0: return {testing::commission("08:00", {unit(n % 24)})};
    case 1: return {testing::observe("09:00", "storing", {unit(n % 5)})};
    case 2:
      return {testing::observe("09:30", "storing", {unit(n % 5), unit(5 + n % 7)}),
              testing::observe("09:31", "shipping", {unit(n % 3)})};
    default: return {testing::commission("08:10", {unit(100 + n)}),
                     testing::observe("10:00", "storing", {unit(100 + n), unit(n % 5)})};
  }
}

Input make() {
  testing::LedgerBuilder builder;
  builder.encode_with(encoded);
  builder.party("maker", {Role::manufacturer});
  builder.party("carrier", {Role::logistics});
  builder.product("09521104301011", "maker");
  Input made{.rows = {}, .ledger = builder.id(), .batches = {}};
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    const auto done = builder.state().scan(table, {}, {}, Direction::ascending,
                                           [&](BytesView key, BytesView value) {
                                             made.rows.push_back({table, Bytes(key), Bytes(value)});
                                             return true;
                                           });
    SUYUAN_CHECK(done.has_value());
  }
  // Adds the receipt, as a node does for every group.
  const ReceiptSigner signer(made.ledger, {.name = "node-1", .pair = key_from_seed(Hash{}.view())});
  const LedgerHead head = builder.head();
  const TreeRows tree(builder.state());
  made.rows.push_back(signer.receipt_row(head, root_of(TiledNodes(tree), head.leaves).value()));
  for (size_t n = 0; n < kBatches; ++n) {
    const auto batch = builder.batch("maker", events(n));
    Submission submission{.note = batch.note_text(), .events = {}};
    for (const auto& event : batch.events()) submission.events.push_back(event.body);
    made.batches.push_back({.submission = std::move(submission), .id = batch.id()});
  }
  return made;
}

}  // namespace

const KeyPair& the_key() {
  static const KeyPair kKey = key_from_seed(Hash{}.view());
  return kKey;
}

const Input& input() {
  static const Input kInput = make();
  return kInput;
}

}  // namespace suyuan::sim
