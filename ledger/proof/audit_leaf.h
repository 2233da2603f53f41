// Auditing a leaf by itself: what it says alone, whatever stands before it. Each leaf on its own,
// in any order and thread.
#pragma once

#include <vector>

#include "ledger/apply/notice.h"
#include "ledger/apply/seal.h"
#include "ledger/proof/audit.h"

namespace suyuan {

// What a notice is about, as the log was read again for it. Which leaf that is, the replay knows by
// the batch's id.
struct NoticeTarget {
  Hash batch_id = {};
  std::string owner = {};        // the batch's party
  std::vector<Hash> codes = {};  // code keys of the event
  bool inspection = false;       // false where the payload is withheld, too
};

// The content of a batch's leaf or of a notice's, for who judges it again.
struct LoggedBatch {
  std::string note_text;  // with its signature lines
  SignedBatchNote note;
  std::vector<EventBody> bodies;   // without sections, which no log carries
  std::vector<EventValue> values;  // none of a withheld payload
};
enum class KeepEvents : uint8_t { no, yes };

// What the replay needs of a leaf: its bytes are gone by then.
struct AuditedLeaf {
  Hash hash;  // RFC 6962
  LeafKind kind = LeafKind::batch;
  int64_t time_ms = 0;
  std::optional<Genesis> genesis = {};
  Hash genesis_id = {};  // H(data of leaf 0), of a genesis
  std::optional<SealText> seal = {};
  std::optional<SignedNotice> notice = {};
  NoticeTarget target = {};  // of a notice, once audit_target() has passed

  // Of a batch.
  SignedBatchNote note = {};
  Hash batch_id = {};
  std::vector<Hash> records = {};         // RFC 6962 leaf hash of each event's record
  std::vector<Hash> codes = {};           // code keys of all events, one event after the other
  std::vector<uint32_t> code_ends = {};   // where each event's end in `codes`
  std::vector<RegistryEvent> acts = {};
  uint32_t open = 0;  // payloads
  uint32_t withheld = 0;
  uint32_t erased = 0;
  LoggedBatch batch = {};  // with KeepEvents::yes
};

// `data`: the leaf; `hash`: its own, which the caller has compared with the tree's; `events`: its
// file of formats.md 4. Checks from GENESIS_INVALID (its form alone) to ACT_WITHHELD, in their
// order. Total on hostile bytes.
AuditResult<AuditedLeaf> audit_leaf(uint64_t leaf, BytesView data, const Hash& hash,
                                    BytesView events, const PayloadDecoder& decode,
                                    KeepEvents keep = KeepEvents::no);

// Of a notice's leaf: the event that it is about, out of the leaf that it names and that leaf's
// file. RULES_NEWER, NOTICE_INVALID. REQUIRES: the leaf lies before it.
AuditResult<NoticeTarget> audit_target(uint64_t leaf, const SignedNotice& notice,
                                       BytesView target, BytesView events,
                                       const PayloadDecoder& decode);

// A leaf's signatures, with the keys that the registry gives for its place and for the key ids in
// its lines.
struct SignatureTask {
  uint64_t leaf = 0;
  SignedNote note;
  std::vector<PublicKey> keys;  // one for each line
};
AuditResult<Done> audit_signatures(const SignatureTask& task);

}  // namespace suyuan
