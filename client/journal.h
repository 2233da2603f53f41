// The journal next to a file of events: every batch as it was signed, written and synced before it
// is sent, and its receipt.
//
//   journal = "suyuan-journal/v1 " origin " " base64(genesis) " " party LF
//             ( "batch " n " " digests " " submission LF    what was signed
//             | "receipt " n " " receipt LF                 the node's signed word, checked
//             | "refused " n " " CODE LF )*                 the ledger took nothing of it
//   n       = number of the batch in this journal, from 0
//   digests = base64 of content hashes (seal.h), joined by ","
//   submission, receipt: JSON as over HTTP (proto/json)
//
// A batch without outcome may be in the ledger or not: it is sent again as it was signed, and the
// ledger, which knows batches by their id, takes it once. What a last line lacks that a crash cut
// short was never sent. A journal holds salts and sealed sections: mode 0600.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/batch/batch.h"
#include "proto/answers.h"

namespace suyuan {

class Journal {
 public:
  struct Batch {
    size_t number = 0;
    std::vector<Hash> contents;  // content hashes of its events
    Submission submission;
  };

  // Reads the existing journal, or starts a new one.
  // Errors: LEDGER_MISMATCH and INVALID_FIELD (the journal is of another ledger or party), BUSY
  // (another program has it open), CORRUPT (names the line), IO.
  static Result<std::unique_ptr<Journal>> open(const std::string& path, const LedgerId& ledger,
                                               const std::string& party);
  // Returns a journal that keeps nothing, for input that cannot be posted twice.
  static std::unique_ptr<Journal> none();
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Returns the batches signed earlier that have no outcome, in order.
  std::vector<Batch> take_open() { return std::move(open_); }
  // Returns true if an event of this content is in the ledger, or in an open batch. Each such event
  // counts once, so a file may hold equal ones.
  bool take_known(const Hash& content);

  // Appends the batch. It is synced when add() returns; only then may it be sent.
  Result<size_t> add(const std::vector<Hash>& contents, const Submission& submission);
  Result<Done> settle(size_t number, const BatchReceipt& receipt);
  Result<Done> refuse(size_t number, Code code);

 private:
  Journal() = default;
  Result<Done> read(std::string_view text, const std::string& head);
  Result<Done> read_line(std::string_view line);
  Result<Done> append(std::string_view line);

  std::string path_;  // empty for none()
  int lock_ = -1;
  std::optional<Error> broken_;  // set when a line could not be written whole
  size_t next_ = 0;
  std::vector<Batch> open_;
  std::map<Hash, size_t> known_;
};

// Returns the receipt notes of a journal, one for each tree, by size.
// Errors: LEDGER_MISMATCH (it is of another ledger), CORRUPT, NOT_FOUND, IO.
Result<std::vector<std::string>> receipts_in_journal(const std::string& path,
                                                     const LedgerId& ledger);

}  // namespace suyuan
