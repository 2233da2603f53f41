// Evidence against a log, as anyone may send it: what is read is written to a text of the same
// meaning, and what nobody of the ledger signed proves nothing.
#include "client/evidence.h"
#include "ledger/batch/receipt.h"
#include "ledger/crypto/hash.h"
#include "ledger/proof/checkpoint.h"
#include "tests/fuzz/fuzz.h"

namespace suyuan {
namespace {

constexpr const char* kOrigin = "ledger.example/test";
constexpr const char* kNode = "node-a";

KeyPair pair_from(char seed) { return key_from_seed(Bytes(kSeedBytes, seed)); }

const Policy& own_policy() {
  static const Policy made =
      parse_policy("log " + write_note_key({.name = kOrigin, .key = pair_from('l').key}) +
                   "\nquorum none\n")
          .value();
  return made;
}

const PinnedLedger& own_ledger() {
  static const PinnedLedger made = [] {
    PinnedLedger ledger;
    ledger.id = {.origin = kOrigin, .genesis = sha256("genesis")};
    ledger.genesis.nodes = {{.name = kNode, .key = pair_from('a').key}};
    return ledger;
  }();
  return made;
}

std::string checkpoint_of(uint64_t size, std::string_view root) {
  return sign_checkpoint(
      {.origin = kOrigin, .head = {.size = size, .root = sha256(root)}},
      pair_from('l').secret, pair_from('l').key);
}

std::string receipt_of(uint64_t size, std::string_view root) {
  const KeyPair pair = pair_from('a');
  return sign_receipt({.ledger = own_ledger().id,
                       .size = size,
                       .root = sha256(root),
                       .time_ms = 1'780'000'000'000},
                      kNode, pair.secret, pair.key);
}

}  // namespace
}  // namespace suyuan

std::vector<std::string> suyuan::fuzz::seeds() {
  const std::string small = checkpoint_of(7, "small");
  const std::string large = checkpoint_of(9, "large");
  const std::string other = checkpoint_of(9, "other");
  const std::vector<Hash> path = {sha256("left"), sha256("right")};
  const Evidence all[] = {
      {.kind = EvidenceKind::rollback, .older = large, .newer = small},
      {.kind = EvidenceKind::split, .older = small, .newer = large, .path = path},
      {.kind = EvidenceKind::split, .older = large, .newer = other},
      {.kind = EvidenceKind::receipt, .older = receipt_of(8, "mid"), .newer = large, .path = path},
      {.kind = EvidenceKind::answer,
       .older = "suyuan/batch/v1\n",
       .newer = receipt_of(8, "mid"),
       .path = path,
       .leaf = 5,
       .time_ms = 1'780'000'000'000}};
  std::vector<std::string> texts;
  for (const Evidence& one : all) texts.push_back(write_evidence(one));
  return texts;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  const auto evidence = parse_evidence(text);
  SUYUAN_CHECK(!evidence || is_evidence(text));
  if (!evidence) return 0;
  const auto again = parse_evidence(write_evidence(*evidence));
  SUYUAN_CHECK(again && *again == *evidence);
  const auto found = judge_evidence(*evidence, own_policy(), own_ledger());
  SUYUAN_CHECK(!found.lines.empty());
  // Under a policy and a ledger that know no key, nothing weighs.
  const auto unknown = judge_evidence(*evidence, {}, {});
  SUYUAN_CHECK(unknown.weight == EvidenceWeight::nothing);
  return 0;
}
