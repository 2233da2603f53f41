// Posting: turns rows into signed batches, sends them through the journal to the node, verifies
// each receipt, and names each bad row.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/connection.h"
#include "client/journal.h"
#include "client/seal.h"
#include "client/trust.h"
#include "ledger/merkle/proof.h"
#include "proto/answers.h"

namespace suyuan {

struct PostRow {
  size_t row = 0;  // row in its file, from 1
  SealedEvent sealed;
};

struct PostRules {
  PayloadType type = PayloadType::event_capnp;
  size_t batch = 256;        // events in a batch
  bool one_batch = false;    // all rows in one batch, or none posted
  bool strict = false;       // do not retry a refused batch without its bad rows
  int64_t until_ms = 0;      // expiry of the notes, ms since 1970
  std::string on_behalf_of;  // the party that a gateway signs for
};

struct RowFault {
  size_t row = 0;  // 0: does not concern one row
  Error error;
};

struct RowFinding {
  size_t row = 0;  // 0: unknown
  Finding finding;
};

// Signs, journals and settles. The caller sends (Connection::submit_many).
class Poster {
 public:
  struct Parts {
    const PinnedLedger& ledger;
    Signer signer;
    Journal& journal;
    PostRules rules;
    std::function<Nonce()> nonces;
  };
  // Rows that the journal knows are not posted again. Its open batches are sent first.
  Poster(Parts parts, std::vector<PostRow> rows);

  // Returns the next batch, already in the journal. Nullopt: none now, or failed().
  std::optional<Outgoing> next();
  // Returns the milliseconds after which to send the same batch again; nullopt if it is settled.
  std::optional<uint32_t> done(const Outgoing& sent, SubmitAnswer answer);

  static constexpr size_t kReceiptsReportedMax = 1024;
  struct Report {
    size_t known = 0;   // rows posted in an earlier run
    size_t posted = 0;  // rows in the ledger through this run
    size_t batches = 0;
    uint64_t size = 0;            // a tree size that covers everything posted
    std::set<std::string> nodes;  // signers of the receipts; each has synced what it acknowledged
    // Receipt notes by tree size, the last kReceiptsReportedMax.
    std::map<uint64_t, std::string> receipts;
    std::vector<RowFault> faults;
    std::vector<RowFinding> findings;
    // Why it stopped early: the journal cannot be written, or the node accepts nothing.
    std::optional<Error> failed;
    // A receipt that proves nothing, and the batch it was given for.
    struct BadReceipt {
      Error why;
      std::string note;
      BatchReceipt receipt;
    };
    std::optional<BadReceipt> bad_receipt;
  };
  const Report& report() const { return report_; }
  size_t settled() const { return settled_; }  // rows with an outcome, for the progress bar

 private:
  struct Batch {
    // Empty if a batch of the journal has events that the file no longer has.
    std::vector<PostRow> rows;
    std::vector<Hash> contents;
    Submission submission;
    size_t journal_number = 0;
    size_t events = 0;
    uint32_t attempts = 0;          // that count
    size_t accepted_before = 0;     // batches of the run, when it was last refused by a limit
  };
  void take_open_batches(std::vector<PostRow>& rows);
  bool stopped() const { return report_.failed || report_.bad_receipt; }
  std::optional<Outgoing> send(Batch batch);
  Result<Submission> sign(const std::vector<PostRow>& rows) const;
  std::vector<PostRow> take_rows();
  std::optional<uint32_t> wait_for_room(Batch& batch, const SubmitAnswer& answer);
  static Error why_not(Error error, const BatchReceipt& receipt);
  void accept(const Batch& batch, const BatchReceipt& receipt);
  void refuse(Batch batch, const Errors& errors);

  Parts parts_;
  std::deque<PostRow> waiting_;
  std::deque<Batch> open_;  // open batches of the journal
  std::map<size_t, Batch> sent_;
  size_t next_number_ = 0;
  size_t settled_ = 0;
  Report report_;
};

// Returns the bytes that an event adds to its batch, as counted for the limit of 1 MiB.
size_t bytes_in_batch(const UnsignedEvent& event);

}  // namespace suyuan
