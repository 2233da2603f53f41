#include "bench/posting.h"

#include "bench/must.h"
#include "ledger/batch/sign.h"
#include "ledger/event/codes_of.h"
#include "ledger/registry/possession.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"

namespace suyuan::bench {
namespace {

constexpr uint64_t kUntilMs = 4'000'000'000'000;  // in the year 2096

void check_accepted(const Verdict& verdict) {
  if (const auto* refused = std::get_if<Refused>(&verdict)) {
    give_up("refused: " + to_text(refused->errors.front()));
  }
  const auto* accepted = std::get_if<Accepted>(&verdict);
  if (!accepted) give_up("a batch was posted twice");
  if (accepted->findings.empty()) return;
  const Finding& finding = accepted->findings.front();
  give_up(std::string(word(finding.flag)) + ": " + finding.reason);
}

}  // namespace

Hash bench_seed(std::string_view party) { return seeded("key of " + std::string(party)); }

KeyPair bench_key(std::string_view party) { return key_from_seed(bench_seed(party).view()); }

Genesis bench_genesis() {
  return {.origin = "bench.suyuan.example/log",
          .log_key = bench_key(kBenchLog).key,
          .nodes = {{std::string(kBenchNode), bench_key(kBenchNode).key}},
          .authorities = {{std::string(kRegistrar), bench_key(kRegistrar).key}},
          .nonce = Nonce::from(seeded("genesis").view().substr(0, Nonce::kSize))};
}

void start_ledger(Store& store, int64_t time_ms) {
  const auto first = must(apply_genesis(must(write_genesis(bench_genesis())), time_ms));
  must(store.commit(first.changes));
}

Posting::Posting(Store& store, KeyPair registrar, ReceiptRow receipt_row)
    : store_(store), receipt_row_(std::move(receipt_row)) {
  keys_.emplace(kRegistrar, std::move(registrar));
  const auto head = must(read_head(store.latest()));
  id_ = {head.origin, head.genesis};
  position_ = head.position;
}

void Posting::register_party(std::string_view id, Role role, int64_t time_ms) {
  const KeyPair& pair = keys_.emplace(id, bench_key(id)).first->second;
  act(RegisterParty{.party = {.id = std::string(id), .name = std::string(id), .roles = {role}},
                    .keys = {prove_possession(id_, id, pair.secret, pair.key)}},
      time_ms);
}

void Posting::register_product(const std::string& gtin, std::string_view owner, int64_t time_ms) {
  act(RegisterProduct{.product = {.gtin = gtin, .name = gtin, .owner = std::string(owner)}},
      time_ms);
}

Submission Posting::sign(std::string_view party, const std::vector<TraceEvent>& events) {
  const auto found = keys_.find(party);
  if (found == keys_.end()) give_up(std::string(party) + " is not registered");
  std::vector<UnsignedEvent> drafts;
  drafts.reserve(events.size());
  const uint64_t number = ++signed_;
  const std::string name =
      std::string(party) + ' ' + std::to_string(position_) + ' ' + std::to_string(number);
  for (size_t i = 0; i < events.size(); ++i) {
    drafts.push_back(
        {.body = {.salt = Salt::from(seeded(name, i).view()), .payload = encode_event(events[i])},
         .codes = codes_of(events[i])});
  }
  const auto nonce = Nonce::from(seeded("nonce of " + name).view().substr(0, Nonce::kSize));
  const KeyPair& pair = found->second;
  return must(sign_batch(id_, PayloadType::event_capnp, std::move(drafts), kUntilMs, nonce,
                         Signer{std::string(party), pair.secret, pair.key}));
}

VerifiedBatch Posting::batch(std::string_view party, std::vector<TraceEvent> events) {
  auto submission = sign(party, events);
  auto note = must(parse_batch_note(submission.note));
  std::vector<EventValue> values(std::make_move_iterator(events.begin()),
                                 std::make_move_iterator(events.end()));
  return must(verify({std::move(submission), std::move(note), std::move(values)}, id_, state()));
}

void Posting::act(const RegistryEvent& event, int64_t time_ms) {
  const KeyPair& pair = keys_.find(kRegistrar)->second;
  const uint64_t number = ++signed_;
  UnsignedEvent draft{.body = {.salt = Salt::from(seeded("salt of act", number).view()),
                               .payload = encode_registry(event)},
                      .codes = {code_of(event)}};
  std::vector<UnsignedEvent> drafts;
  drafts.push_back(std::move(draft));
  const auto nonce = Nonce::from(seeded("nonce of act", number).view().substr(0, Nonce::kSize));
  auto submission = must(sign_batch(id_, PayloadType::registry_capnp, std::move(drafts), kUntilMs,
                                    nonce, Signer{std::string(kRegistrar), pair.secret, pair.key}));
  auto note = must(parse_batch_note(submission.note));
  std::vector<VerifiedBatch> batches;
  batches.push_back(must(verify({std::move(submission), std::move(note), {event}}, id_, state())));
  commit(apply_group(batches, time_ms));
}

Applied Posting::apply_group(const std::vector<VerifiedBatch>& batches, int64_t time_ms) const {
  Group group{.position = position_ + 1, .time_ms = time_ms, .batches = {}};
  for (const auto& one : batches) group.batches.push_back(&one);
  return must(apply(state(), group));
}

void Posting::commit(Applied applied) {
  for (const auto& verdict : applied.verdicts) check_accepted(verdict);
  if (receipt_row_) applied.changes.push_back(receipt_row_(applied.head, applied.root));
  must(store_.commit(applied.changes));
  position_ = applied.head.position;
}

}  // namespace suyuan::bench
