#include "client/post.h"

#include <algorithm>

#include "ledger/base/limits.h"

namespace suyuan {
namespace {

constexpr uint32_t kAttemptsMax = 16;
constexpr uint32_t kWaitMsMin = 50;
constexpr uint32_t kWaitMsMax = 5'000;    // unless the node says more
constexpr uint32_t kSaidMsMax = 300'000;  // more is no wait, but a reason to stop

// Errors that a later, equal submission may not meet.
bool passes(Code code) { return code == Code::BUSY || code == Code::RATE_LIMITED; }
// Refusals say what is wrong with the batch; faults say what is wrong with the node.
bool is_fault(const Errors& errors) {
  return !info(errors.front().code).refusal || passes(errors.front().code);
}

}  // namespace

size_t bytes_in_batch(const UnsignedEvent& event) {
  // formats.md 2: the record's tag, u16, a hash for each code, the payload's hash.
  constexpr size_t kRecordBytes = 16 + 2 + Hash::kSize;
  size_t bytes =
      kRecordBytes + event.codes.size() * Hash::kSize + Salt::kSize + event.body.payload.size();
  for (const auto& section : event.body.sections) bytes += Salt::kSize + section.bytes.size();
  return bytes;
}

Poster::Poster(Parts parts, std::vector<PostRow> rows) : parts_(std::move(parts)) {
  take_open_batches(rows);
  for (auto& row : rows) {
    if (parts_.journal.take_known(row.sealed.content)) {
      ++report_.known;
    } else {
      waiting_.push_back(std::move(row));
    }
  }
}

// Gives batches without an outcome their rows back, so that a refusal can name them.
void Poster::take_open_batches(std::vector<PostRow>& rows) {
  std::map<Hash, std::deque<size_t>> at;
  for (size_t i = 0; i < rows.size(); ++i) at[rows[i].sealed.content].push_back(i);
  std::vector<bool> taken(rows.size(), false);
  for (auto& from : parts_.journal.take_open()) {
    Batch batch;
    batch.events = from.contents.size();
    for (const auto& content : from.contents) {
      auto& places = at[content];
      if (places.empty()) continue;
      parts_.journal.take_known(content);
      taken[places.front()] = true;
      batch.rows.push_back(std::move(rows[places.front()]));
      places.pop_front();
    }
    if (batch.rows.size() != batch.events) batch.rows.clear();
    batch.contents = std::move(from.contents);
    batch.submission = std::move(from.submission);
    batch.journal_number = from.number;
    open_.push_back(std::move(batch));
  }
  size_t kept = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (taken[i]) continue;
    if (kept != i) rows[kept] = std::move(rows[i]);
    ++kept;
  }
  rows.erase(rows.begin() + static_cast<ptrdiff_t>(kept), rows.end());
}

std::optional<Outgoing> Poster::next() {
  if (stopped()) return std::nullopt;
  if (!open_.empty()) {
    Batch batch = std::move(open_.front());
    open_.pop_front();
    return send(std::move(batch));
  }
  if (waiting_.empty()) return std::nullopt;
  Batch batch;
  batch.rows = take_rows();
  auto submission = sign(batch.rows);
  if (!submission) {
    report_.failed = std::move(submission).error();
    return std::nullopt;
  }
  batch.events = batch.rows.size();
  batch.submission = *std::move(submission);
  for (const auto& row : batch.rows) batch.contents.push_back(row.sealed.content);
  auto number = parts_.journal.add(batch.contents, batch.submission);
  if (!number) {
    report_.failed = std::move(number).error();
    return std::nullopt;
  }
  batch.journal_number = *number;
  return send(std::move(batch));
}

std::vector<PostRow> Poster::take_rows() {
  std::vector<PostRow> rows;
  size_t bytes = 0;
  while (!waiting_.empty()) {
    const size_t more = bytes_in_batch(waiting_.front().sealed.event);
    const bool full = rows.size() >= parts_.rules.batch || bytes + more > limits::kBatchBytesMax;
    if (!parts_.rules.one_batch && full && !rows.empty()) break;
    bytes += more;
    rows.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return rows;
}

Result<Submission> Poster::sign(const std::vector<PostRow>& rows) const {
  BatchDraft draft{.ledger = parts_.ledger.id,
                   .type = parts_.rules.type,
                   .events = {},
                   .until_ms = static_cast<uint64_t>(parts_.rules.until_ms),
                   .nonce = parts_.nonces(),
                   .on_behalf_of = parts_.rules.on_behalf_of};
  for (const auto& row : rows) draft.events.push_back(row.sealed.event);
  return sign_batch(std::move(draft), parts_.signer);
}

std::optional<Outgoing> Poster::send(Batch batch) {
  const size_t number = next_number_++;
  Outgoing out{.number = number, .submission = batch.submission};
  sent_.emplace(number, std::move(batch));
  return out;
}

std::optional<uint32_t> Poster::done(const Outgoing& sent, SubmitAnswer answer) {
  const auto found = sent_.find(sent.number);
  SUYUAN_CHECK(found != sent_.end());
  if (!answer.outcome && passes(answer.outcome.error().front().code)) {
    if (const auto wait = wait_for_room(found->second, answer)) return wait;
  }
  Batch batch = std::move(found->second);
  sent_.erase(found);
  if (answer.outcome) {
    accept(batch, *answer.outcome);
  } else {
    refuse(std::move(batch), answer.outcome.error());
  }
  return std::nullopt;
}

std::optional<uint32_t> Poster::wait_for_room(Batch& batch, const SubmitAnswer& answer) {
  const uint32_t said_ms = answer.head.retry_after_ms;
  if (stopped() || said_ms > kSaidMsMax) return std::nullopt;
  // Under a limit the batches in flight wait for each other: as long as some get through, it is not
  // the node that takes nothing.
  if (answer.outcome.error().front().code == Code::RATE_LIMITED) {
    if (report_.batches > batch.accepted_before) batch.attempts = 0;
    batch.accepted_before = report_.batches;
  }
  if (batch.attempts >= kAttemptsMax) return std::nullopt;
  const uint32_t doublings = std::min<uint32_t>(batch.attempts++, 8);
  const uint64_t longer_ms = uint64_t{std::max(said_ms, kWaitMsMin)} << doublings;
  return std::max(said_ms, static_cast<uint32_t>(std::min<uint64_t>(longer_ms, kWaitMsMax)));
}

// Explains a receipt for another note, as after copying a file: each event is in the ledger, in
// another batch, and the node answers with that batch's receipt. It proves nothing about ours, and
// nobody else has seen what was sent. So it is kept like a lying node's receipt, with words that
// distinguish the two.
Error Poster::why_not(Error error, const BatchReceipt& receipt) {
  if (!receipt.repeated || error.code != Code::ROOT_MISMATCH) return error;
  error.message += ". The node says that all of it is already in the ledger, as entry " +
                   std::to_string(receipt.leaf) + ": if it was posted before, in another file "
                   "or without this file's journal, a trace of its codes shows it; if it was "
                   "not, the node has dropped it";
  return error;
}

void Poster::accept(const Batch& batch, const BatchReceipt& receipt) {
  const auto good = check_answer(parts_.ledger, batch.submission.note, receipt);
  if (!good) {
    if (!report_.bad_receipt) {
      report_.bad_receipt = {
          .why = why_not(good.error(), receipt), .note = batch.submission.note, .receipt = receipt};
    }
    return;
  }
  if (auto kept = parts_.journal.settle(batch.journal_number, receipt); !kept) {
    report_.failed = std::move(kept).error();
  }
  ++report_.batches;
  report_.posted += batch.events;
  settled_ += batch.rows.size();
  report_.size = std::max(report_.size, receipt.leaf + 1);
  // check_answer: exactly one line, by a node
  report_.nodes.insert(good->note.signatures.front().name);
  report_.receipts.emplace(good->text.size, receipt.note);
  if (report_.receipts.size() > kReceiptsReportedMax)
    report_.receipts.erase(report_.receipts.begin());
  for (const auto& finding : receipt.findings) {
    const size_t event = finding.event.event;
    const size_t row = event < batch.rows.size() ? batch.rows[event].row : 0;
    report_.findings.push_back({.row = row, .finding = finding});
  }
}

void Poster::refuse(Batch batch, const Errors& errors) {
  if (is_fault(errors)) {
    report_.failed = errors.front();
    return;
  }
  if (auto kept = parts_.journal.refuse(batch.journal_number, errors.front().code); !kept) {
    report_.failed = std::move(kept).error();
    return;
  }
  std::vector<bool> bad(batch.rows.size(), false);
  bool whole = batch.rows.empty();
  for (const auto& error : errors) {
    const bool one = error.event >= 0 && static_cast<size_t>(error.event) < batch.rows.size();
    const size_t index = one ? static_cast<size_t>(error.event) : 0;
    report_.faults.push_back({.row = one ? batch.rows[index].row : 0, .error = error});
    if (one) bad[index] = true;
    whole = whole || !one;
  }
  if (whole || parts_.rules.strict || parts_.rules.one_batch) {
    settled_ += batch.rows.size();
    return;
  }
  // The good rows go before everything that waits: later rows of the file may depend on them.
  for (size_t i = batch.rows.size(); i-- > 0;) {
    if (bad[i]) {
      ++settled_;
    } else {
      waiting_.push_front(std::move(batch.rows[i]));
    }
  }
}

}  // namespace suyuan
