// Proposals as another node put them into the log: batches, seals, notices. A seal or a notice
// encodes to the same bytes. A batch is read as it is, where no party is registered, and with its
// events signed again by a party that is: so mutations get to sections, records and weight.
#include <optional>

#include "ledger/batch/sign.h"
#include "ledger/event/codes_of.h"
#include "ledger/event/validate.h"
#include "ledger/registry/act_rules.h"
#include "ledger/store/memory_store.h"
#include "node/pipeline/proposals.h"
#include "proto/event_codec.h"
#include "proto/registry_codec.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/ledger_builder.h"

namespace suyuan {
namespace {

constexpr size_t kCodesMax = 4096;  // that sign_batch takes of one event

struct MakersLedger : testing::LedgerBuilder {
  MakersLedger() {
    encode_with([](const EventValue& value) {
      const auto* act = std::get_if<RegistryEvent>(&value);
      return act != nullptr ? encode_registry(*act) : encode_event(std::get<TraceEvent>(value));
    });
    party("maker", {Role::manufacturer});
  }
};

MakersLedger& ledger() {
  static MakersLedger made;
  return made;
}

// Empty: the value breaks the rules for one event, so nobody signs it.
std::vector<std::string> codes_to_sign(const EventValue& value) {
  if (const auto* act = std::get_if<RegistryEvent>(&value)) {
    return faults_of(*act).empty() ? std::vector{code_of(*act)} : std::vector<std::string>();
  }
  const auto& event = std::get<TraceEvent>(value);
  return faults_of(event).empty() ? codes_of(event) : std::vector<std::string>();
}

// The events of a batch in a batch of "maker".
std::optional<Bytes> signed_again(BytesView encoded) {
  const auto decoded = BatchProposal::decode(encoded);
  if (!decoded || decoded->values.empty()) return std::nullopt;
  const BatchNote& note = decoded->note.batch;
  BatchDraft draft{.ledger = ledger().id(),
                   .type = note.type,
                   .events = {},
                   .until_ms = note.until_ms,
                   .nonce = note.nonce};
  for (size_t i = 0; i < decoded->values.size(); ++i) {
    auto codes = codes_to_sign(decoded->values[i]);
    if (codes.empty() || codes.size() > kCodesMax) return std::nullopt;
    draft.events.push_back({decoded->submission.events[i], std::move(codes)});
  }
  const KeyPair& pair = ledger().keys("maker");
  const auto submission = sign_batch(std::move(draft), {"maker", pair.secret, pair.key});
  if (!submission) return std::nullopt;
  return Bytes(1, '\x01') + encode_submission(*submission);
}

// Returns whether it is verified.
bool read_batch_of_maker(const Bytes& bytes) {
  const auto proposal = decode_proposal(bytes, ledger().id(), ledger().state());
  if (!proposal) return false;
  auto& batch = as<BatchProposal>(**proposal);
  if (!batch.is_verified()) return false;
  SUYUAN_CHECK(batch.weight() >= batch.bytes());
  SUYUAN_CHECK(batch.encode() == bytes && check_encoding(batch, bytes));
  return true;
}

}  // namespace
}  // namespace suyuan

// What is signed again is verified: else this target would reach less than it says.
std::vector<std::string> suyuan::fuzz::seeds() {
  const VerifiedBatch batch = ledger().batch(
      "maker", {testing::commission("08:00", {"lot:09521104301011:L1 10 H87"}),
                testing::transform("09:00", {"lot:09521104301011:L1 10 H87"},
                                   {"lot:09521104300014:P1 5 KGM"})});
  const Bytes bytes = BatchProposal(batch, SubmitDone()).encode();
  const auto again = signed_again(BytesView(bytes).substr(1));
  SUYUAN_CHECK(again && read_batch_of_maker(*again));
  return {bytes};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  static const MemoryStore nothing;
  const auto bytes = fuzz::text(data, size);
  const auto proposal = decode_proposal(bytes, {}, nothing.latest());
  if (!proposal) return 0;
  SUYUAN_CHECK((*proposal)->weight() >= (*proposal)->bytes());
  if (kind_of(**proposal) == ProposalKind::batch) {
    auto& batch = as<BatchProposal>(**proposal);
    SUYUAN_CHECK(!batch.is_verified() && !batch.verify({}, nothing.latest()));
    if (const auto again = signed_again(bytes.substr(1))) read_batch_of_maker(*again);
    return 0;
  }
  SUYUAN_CHECK((*proposal)->alone() && (*proposal)->encode() == bytes);
  if (kind_of(**proposal) == ProposalKind::notice) {
    SUYUAN_CHECK(!as<NoticeProposal>(**proposal).verify({}, nothing.latest()));
  }
  return 0;
}
