#include "client/evidence.h"

#include "ledger/base/text.h"
#include "ledger/batch/receipt.h"
#include "ledger/crypto/hash.h"
#include "ledger/os/files.h"
#include "ledger/proof/accept.h"
#include "proto/json/reader.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

constexpr std::string_view kFormat = "suyuan/evidence/v1";

std::optional<EvidenceKind> kind_from(std::string_view text) {
  for (const auto kind : {EvidenceKind::rollback, EvidenceKind::split, EvidenceKind::receipt,
                          EvidenceKind::answer}) {
    if (text == word(kind)) return kind;
  }
  return std::nullopt;
}

Hash read_hash(JsonValue value, const std::string& path, FirstFault& faults) {
  const Bytes bytes = read_base64(value, path, faults);
  if (bytes.size() == Hash::kSize) return Hash::from(bytes);
  faults.add(Code::INVALID_FIELD, path, "expected 32 bytes");
  return {};
}

std::string head_text(const TreeHead& head) {
  return std::to_string(head.size) + " leaves, root " + to_base64(head.root.view());
}

// A head signed by a trusted key; otherwise why not.
struct SignedHead {
  std::optional<TreeHead> head;
  std::string line;
};

SignedHead head_of_checkpoint(const std::string& note, const Policy& policy) {
  const auto opened = open_checkpoint(note, policy);
  if (!opened) return {.head = {}, .line = opened.error().message};
  const TreeHead& head = opened->checkpoint.head;
  return {.head = head,
          .line = "signed by the log " + opened->checkpoint.origin + ": " + head_text(head)};
}

// Returns the node of the ledger that signed; nullptr if none did.
const NamedKey* signer_of(const Receipt& receipt, const PinnedLedger& ledger) {
  const auto& line = receipt.note.signatures.front();
  for (const auto* nodes : {&ledger.genesis.nodes, &ledger.first_nodes}) {
    for (const auto& node : *nodes) {
      if (node.name == line.name && verify_note_signature(receipt.note.text, line, node.key))
        return &node;
    }
  }
  return nullptr;
}

SignedHead head_of_receipt(const std::string& note, const Policy& policy,
                           const PinnedLedger& ledger) {
  const auto receipt = parse_receipt(note, 0, {});
  if (!receipt) return {.head = {}, .line = to_text(receipt.error())};
  const NamedKey* node = signer_of(*receipt, ledger);
  bool same_log = false;
  for (const auto& log : policy.logs) same_log |= log.key.name == receipt->text.ledger.origin;
  if (node != nullptr && same_log) {
    const TreeHead head{.size = receipt->text.size, .root = receipt->text.root};
    return {.head = head, .line = "receipt signed by the node " + node->name + ": " +
                                  head_text(head)};
  }
  return {.head = {}, .line = "no node of this ledger signed the receipt"};
}

EvidenceFinding weigh(const TreeHead& older, const TreeHead& newer, const Evidence& evidence,
                      EvidenceFinding so_far) {
  const auto say = [&so_far](EvidenceWeight weight, std::string line) {
    so_far.weight = weight;
    so_far.lines.push_back(std::move(line));
    return so_far;
  };
  if (older.size == newer.size) {
    if (older.root == newer.root) return say(EvidenceWeight::nothing, "They are the same tree.");
    return say(EvidenceWeight::proves,
               "PROVEN: two trees of the same size with two roots, both signed. The holder of the "
               "key showed different ledgers to different people. Nothing else explains it.");
  }
  if (newer.size < older.size) {
    return say(EvidenceWeight::indicates,
               "The one seen later is smaller: what was shown first is hidden now, or an older "
               "copy is served. The log must show its " + std::to_string(older.size) +
                   " leaves, with a proof that the smaller tree is their beginning.");
  }
  if (consistent(older, newer, evidence.path)) {
    return say(EvidenceWeight::nothing, "The path proves that the newer tree begins with the "
                                        "older one: they are consistent.");
  }
  return say(EvidenceWeight::indicates,
             "The path given does not lead from the older tree to the newer one. Either the log "
             "forked, or the node gave a wrong path: ask the log for a consistency proof from " +
                 std::to_string(older.size) + " to " + std::to_string(newer.size) +
                 " leaves. If it cannot give one, it forked.");
}

// Judges a receipt that was given for a batch and does not prove it.
EvidenceFinding judge_answer(const Evidence& evidence, const PinnedLedger& ledger) {
  const BatchReceipt given{.note = evidence.newer,
                           .leaf = evidence.leaf,
                           .path = evidence.path,
                           .time_ms = static_cast<int64_t>(evidence.time_ms)};
  const auto checked =
      check_signed_by(ledger.all_signers(), ledger.id, evidence.older, given);
  if (checked) {
    return {.weight = EvidenceWeight::nothing,
            .lines = {"The receipt is good: it proves that the batch is in the tree it names."}};
  }
  EvidenceFinding finding{.weight = EvidenceWeight::indicates,
                          .lines = {"The receipt does not prove the batch that it was given for: " +
                                    to_text(checked.error())}};
  const auto receipt = parse_receipt(evidence.newer, 0, {});
  const NamedKey* node = receipt ? signer_of(*receipt, ledger) : nullptr;
  if (node == nullptr) {
    finding.weight = EvidenceWeight::nothing;
    finding.lines.emplace_back(
        "No node of this ledger signed it: anyone on the network path could have made it.");
    return finding;
  }
  finding.lines.push_back("The node " + node->name +
                          " signed the receipt, but not its path, leaf and time. Ask again for "
                          "the receipt of this batch (suyuan receipt): if there is no good one, "
                          "the node accepted a batch and did not log it.");
  return finding;
}

}  // namespace

std::string_view word(EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::rollback:
      return "rollback";
    case EvidenceKind::split:
      return "split";
    case EvidenceKind::receipt:
      return "receipt";
    case EvidenceKind::answer:
      return "answer";
  }
  return "";
}

std::string write_evidence(const Evidence& evidence) {
  JsonWriter out;
  out.begin_object();
  out.field("format", kFormat);
  out.field("kind", word(evidence.kind));
  out.field("older", evidence.older);
  out.field("newer", evidence.newer);
  out.key("path");
  out.begin_array();
  for (const auto& hash : evidence.path) out.text(to_base64(hash.view()));
  out.end_array();
  if (evidence.kind == EvidenceKind::answer) {
    out.key("leaf");
    out.number(evidence.leaf);
    out.key("time");
    out.number(evidence.time_ms);
  }
  out.end_object();
  return out.str() + "\n";
}

Result<Evidence> parse_evidence(std::string_view text) {
  SUYUAN_TRY(document, parse_json(text));
  FirstFault faults;
  Evidence evidence;
  std::string format;
  ObjectReader object(document.root(), "", faults);
  for (const auto* name : {"format", "kind", "older", "newer", "path"}) {
    object.need(name, "required in all evidence");
  }
  object.text("format", format);
  if (format != kFormat) faults.add(Code::INVALID_FIELD, "format", "expected suyuan/evidence/v1");
  object.word("kind", evidence.kind, kind_from, "rollback, split, receipt, answer");
  if (evidence.kind == EvidenceKind::answer) {
    object.need("leaf", "of an answer");
    object.need("time", "of an answer");
    object.number("leaf", evidence.leaf);
    object.number("time", evidence.time_ms);
  }
  object.text("older", evidence.older);
  object.text("newer", evidence.newer);
  object.list("path", evidence.path, limits::kProofHashesMax, read_hash);
  object.finish();
  if (faults.any()) return faults.take();
  return evidence;
}

bool is_evidence(std::string_view text) {
  const auto document = parse_json(text);
  if (!document || document->root().kind() != NodeKind::object) return false;
  for (const JsonValue member : document->root()) {
    if (member.name() == "format") return member.value() == kFormat;
  }
  return false;
}

EvidenceFinding judge_evidence(const Evidence& evidence, const Policy& policy,
                               const PinnedLedger& ledger) {
  if (evidence.kind == EvidenceKind::answer) return judge_answer(evidence, ledger);
  const auto older = evidence.kind == EvidenceKind::receipt
                         ? head_of_receipt(evidence.older, policy, ledger)
                         : head_of_checkpoint(evidence.older, policy);
  const auto newer = head_of_checkpoint(evidence.newer, policy);
  EvidenceFinding finding;
  finding.lines = {"Seen first: " + older.line, "Seen later: " + newer.line};
  if (!older.head || !newer.head) {
    finding.lines.emplace_back("A note that nobody of this ledger signed proves nothing.");
    return finding;
  }
  return weigh(*older.head, *newer.head, evidence, std::move(finding));
}

Result<std::string> keep_evidence_file(const std::string& folder, const Evidence& evidence) {
  SUYUAN_TRY_DONE(make_folder(folder));
  const std::string text = write_evidence(evidence);
  const std::string path =
      folder + "/suyuan-evidence-" + to_hex(sha256(text).view()).substr(0, 16) + ".json";
  SUYUAN_TRY_DONE(write_file(path, text, FileMode::shared));
  return path;
}

}  // namespace suyuan
