// Audits a leaf on its own, without the leaves before it: in any order, in parallel.
#pragma once

#include <vector>

#include "ledger/apply/notice.h"
#include "ledger/apply/seal.h"
#include "ledger/proof/audit.h"

namespace suyuan {

// The event that a notice is about, read again from the log. The replay finds its leaf by the
// batch's id.
struct NoticeTarget {
  Hash batch_id = {};
  std::string owner = {};        // the batch's party
  std::vector<Hash> codes = {};  // code keys of the event
  bool inspection = false;       // also false if the payload is withheld
};

// The content of a batch's or notice's leaf, for callers that judge it again.
struct LoggedBatch {
  std::string note_text;  // with its signature lines
  SignedBatchNote note;
  std::vector<EventBody> bodies;   // without sections, which the log does not carry
  std::vector<EventValue> values;  // none for a withheld payload
};
enum class KeepEvents : uint8_t { no, yes };

// What the replay needs of a leaf. The leaf's bytes are gone by then.
struct AuditedLeaf {
  Hash hash;  // RFC 6962
  LeafKind kind = LeafKind::batch;
  int64_t time_ms = 0;
  std::optional<Genesis> genesis = {};
  Hash genesis_id = {};  // for genesis: H(data of leaf 0)
  std::optional<SealText> seal = {};
  std::optional<SignedNotice> notice = {};
  NoticeTarget target = {};  // for a notice, once audit_target() has passed

  // For a batch.
  SignedBatchNote note = {};
  Hash batch_id = {};
  std::vector<Hash> records = {};         // RFC 6962 leaf hash of each event's record
  std::vector<Hash> codes = {};           // code keys of all events, in order
  std::vector<uint32_t> code_ends = {};   // end of each event's keys in `codes`
  std::vector<RegistryEvent> acts = {};
  uint32_t open = 0;  // number of open payloads
  uint32_t withheld = 0;
  uint32_t erased = 0;
  LoggedBatch batch = {};  // with KeepEvents::yes
};

// Audits one leaf. `data`: the leaf; `hash`: its hash, already compared with the tree's; `events`:
// its file of formats.md 4. Makes the checks from GENESIS_INVALID (its form only) to ACT_WITHHELD,
// in order. Safe on hostile bytes.
AuditResult<AuditedLeaf> audit_leaf(uint64_t leaf, BytesView data, const Hash& hash,
                                    BytesView events, const PayloadDecoder& decode,
                                    KeepEvents keep = KeepEvents::no);

// Returns the event that a notice's leaf is about, from the leaf that it names and that leaf's
// file.
// Errors: RULES_NEWER, NOTICE_INVALID. Requires: the named leaf is before the notice.
AuditResult<NoticeTarget> audit_target(uint64_t leaf, const SignedNotice& notice,
                                       BytesView target, BytesView events,
                                       const PayloadDecoder& decode);

// A leaf's signatures, and the keys that the registry gives for its position and the key ids in its
// lines.
struct SignatureTask {
  uint64_t leaf = 0;
  SignedNote note;
  std::vector<PublicKey> keys;  // one for each line
};
AuditResult<Done> audit_signatures(const SignatureTask& task);

}  // namespace suyuan
