// Steps 2 to 5: the checkpoint and what depends on it directly.
#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/tree.h"
#include "ledger/proof/checkpoint.h"
#include "ledger/proof/verify_steps.h"

namespace suyuan::bundle {
namespace {

constexpr uint64_t kSizeMin = 2;  // genesis and a seal
constexpr uint64_t kSizeMax = (uint64_t{1} << 53) - 1;

int64_t ms_of(uint64_t seconds) {
  constexpr auto kLatest = static_cast<uint64_t>(std::numeric_limits<int64_t>::max() / 1000);
  return static_cast<int64_t>(std::min(seconds, kLatest)) * 1000;
}

// A seal, except for its rules number.
bool is_seal_of_other_rules(std::string text) {
  constexpr std::string_view kLine = "\nrules ";
  const size_t begin = text.find(kLine);
  if (begin == std::string::npos) return false;
  const size_t number = begin + kLine.size();
  const size_t end = text.find('\n', number);
  if (!from_decimal(std::string_view(text).substr(number, end - number))) return false;
  text.replace(number, end - number, "1");
  return parse_seal(text).has_value();
}

// Of several lines with one name and key id, only the first counts.
LineNote without_repeats(LineNote note) {
  std::set<std::pair<std::string, uint32_t>> seen;
  std::erase_if(note.lines, [&](const NoteLine& line) {
    return !seen.emplace(line.name, line.key_id).second;
  });
  return note;
}

Result<Leaf> leaf_in_tree(const Checked& checked, const ProvenLeaf& proven, uint64_t index,
                          LeafKind kind) {
  SUYUAN_TRY(leaf, parse_leaf(proven.data));
  if (leaf.kind != kind) {
    return fail(Code::NOTE_SYNTAX, "found a leaf of kind " + std::string(word(leaf.kind)) +
                                       ", expected " + std::string(word(kind)));
  }
  if (!includes(checked.head, index, leaf_hash(proven.data), proven.path)) {
    return fail(Code::ROOT_MISMATCH, "the path does not lead from this data at leaf " +
                                         std::to_string(index) + " to the checkpoint's root");
  }
  return leaf;
}

}  // namespace

Step check_checkpoint(Checked& checked) {
  const std::string place = "checkpoint";
  auto note = split_note(checked.bundle.checkpoint);
  if (!note) return refuse(BundleFault::CHECKPOINT_SYNTAX, place, note.error());
  auto parsed = parse_checkpoint(note->text, CheckpointForm::plain);
  if (!parsed) return refuse(BundleFault::CHECKPOINT_SYNTAX, place, parsed.error());
  if (parsed->head.size < kSizeMin || parsed->head.size > kSizeMax) {
    return refuse(BundleFault::CHECKPOINT_SYNTAX, place,
                  "a tree of " + std::to_string(parsed->head.size) +
                      " leaves; expected genesis and a seal at least, below 2^53");
  }
  checked.note = without_repeats(*std::move(note));

  std::vector<NoteKey> keys;
  for (const NoteKey& key : log_keys(checked.policy)) {
    if (key.name == parsed->origin) keys.push_back(key);
  }
  if (keys.empty()) {
    return refuse(BundleFault::LOG_UNKNOWN, place,
                  "the policy names no log " + quote(parsed->origin) +
                      "; use the policy of this ledger, or ask where the file comes from");
  }
  const auto lines = verify_lines(checked.note, keys);
  if (!lines) return refuse(BundleFault::CHECKPOINT_SIGNATURE, place, lines.error());
  if (lines->empty()) {
    return refuse(BundleFault::CHECKPOINT_SIGNATURE, place,
                  "no signature line is by the log's key; this log did not sign the checkpoint");
  }
  checked.log_key = keys[lines->front().key].key;
  checked.origin = parsed->origin;
  checked.head = parsed->head;
  return Done{};
}

Step check_genesis(Checked& checked) {
  const std::string place = "genesis";
  const auto leaf = leaf_in_tree(checked, checked.bundle.genesis, 0, LeafKind::genesis);
  if (!leaf) return refuse(BundleFault::GENESIS_INVALID, place, leaf.error());
  auto genesis = parse_genesis(leaf->text);
  if (!genesis) return refuse(BundleFault::GENESIS_INVALID, place, genesis.error());
  if (genesis->origin != checked.origin || genesis->log_key != checked.log_key) {
    return refuse(BundleFault::GENESIS_INVALID, place,
                  "it is of the log " + quote(genesis->origin) + " with the key " +
                      to_base64(genesis->log_key.view()) + ", which did not sign the checkpoint");
  }
  checked.ledger = ledger_id(*genesis, checked.bundle.genesis.data);
  const auto& named = checked.policy.genesis;
  if (!named.empty() && std::ranges::find(named, checked.ledger.genesis) == named.end()) {
    return refuse(BundleFault::GENESIS_INVALID, place,
                  "the policy names another genesis of this ledger, not " +
                      to_base64(checked.ledger.genesis.view()));
  }
  checked.genesis = *std::move(genesis);
  checked.genesis_ms = leaf->time_ms;
  return Done{};
}

Step check_seal(Checked& checked) {
  const std::string place = "seal";
  const uint64_t index = checked.head.size - 1;
  const auto leaf = leaf_in_tree(checked, checked.bundle.seal, index, LeafKind::seal);
  if (!leaf) return refuse(BundleFault::SEAL_INVALID, place, leaf.error());
  auto seal = parse_seal(leaf->text);
  if (!seal && is_seal_of_other_rules(leaf->text)) {
    return refuse(BundleFault::RULES_NEWER, place,
                  "the ledger is under rules that this program does not know; verify with a newer "
                  "one");
  }
  if (!seal) return refuse(BundleFault::SEAL_INVALID, place, seal.error());
  if (seal->ledger != checked.ledger) {
    return refuse(BundleFault::SEAL_INVALID, place,
                  "it is for " + quote(seal->ledger.line()) + ", not for this ledger");
  }
  if (seal->leaves != index || (seal->previous && *seal->previous >= index)) {
    return refuse(BundleFault::SEAL_INVALID, place,
                  "it says that " + std::to_string(seal->leaves) + " leaves come before leaf " +
                      std::to_string(index) + ", or names a seal that is not before it");
  }
  if (leaf->time_ms < checked.genesis_ms) {
    return refuse(BundleFault::SEAL_INVALID, place, "its log time is before that of genesis");
  }
  checked.seal = *std::move(seal);
  checked.sealed_ms = leaf->time_ms;
  return Done{};
}

Step check_cosignatures(Checked& checked) {
  const std::string place = "checkpoint";
  const auto keys = witness_keys(checked.policy);
  auto lines = verify_lines(checked.note, keys);
  if (!lines) return refuse(BundleFault::COSIGNATURE_INVALID, place, lines.error());
  std::vector<std::optional<uint64_t>> times_s(keys.size());
  for (const VerifiedLine& line : *lines) times_s[line.key] = line.time_s;
  const auto quorum = judge_quorum(checked.policy, times_s);
  if (!quorum.met) {
    return refuse(BundleFault::QUORUM_MISSING, place,
                  std::to_string(lines->size()) + " of the policy's " +
                      std::to_string(keys.size()) +
                      " witnesses cosigned, which does not meet its quorum");
  }
  checked.cosignatures = *std::move(lines);
  if (!quorum.as_of_s) return Done{};
  checked.quorum_ms = ms_of(*quorum.as_of_s);
  // The cosigners saw this tree, and so its seal.
  if (checked.sealed_ms - *checked.quorum_ms > limits::kEventTimeAheadMsMax) {
    return refuse(BundleFault::SEAL_INVALID, "seal",
                  "its log time is more than 10 minutes after its witnesses cosigned");
  }
  return Done{};
}

}  // namespace suyuan::bundle
