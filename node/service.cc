#include "node/service.h"

#include "ledger/apply/log_reader.h"
#include "ledger/crypto/hash.h"
#include "node/answer/cosigned_by.h"
#include "node/pipeline/receipts.h"

namespace suyuan {
namespace {

constexpr uint32_t kFirstCheckpointWaitMs = 2000;

}  // namespace

uint32_t Service::wait_ms_of(const Error& error) {
  return error.code == Code::BUSY ? kRetryAfterMs : error.wait_ms;
}

void Service::submit(Submission submission, SubmitDone done) {
  std::vector<Submitted> one;
  one.push_back({.submission = std::move(submission), .done = std::move(done)});
  submit(std::move(one));
}

void Service::submit(std::vector<Submitted> many) {
  if (stopping_) {
    for (const auto& one : many) one.done(Unexpected(Errors{stopping()}));
    return;
  }
  for (auto& one : many) {
    one.done = [this, done = std::move(one.done)](Results<BatchReceipt> outcome) {
      if (outcome) outcome->held = held(outcome->leaf);
      done(std::move(outcome));
    };
  }
  parts_.pipeline.submit(std::move(many));
}

Result<BatchReceipt> Service::receipt(const Reader& reader, const Hash& batch,
                                      const Viewer& viewer) const {
  SUYUAN_TRY(receipt, find_receipt(reader, parts_.signer, batch, viewer,
                                   parts_.pipeline.acknowledged()));
  receipt.held = held(receipt.leaf);
  return receipt;
}

// This node has it: nothing is answered earlier. The newest checkpoint tells about the other nodes;
// it seldom covers a batch that was just accepted.
Held Service::held(uint64_t leaf) const {
  const std::vector<NamedKey> nodes = parts_.nodes();
  Held held{.nodes = {parts_.node_name}, .of = static_cast<uint32_t>(nodes.size())};
  const auto published = parts_.published.get();
  if (published == nullptr || published->size() <= leaf) return held;
  auto path = leaf_path(*published->state, leaf, published->size());
  if (!path) return held;  // an unreadable reader reports it where it is asked
  held.path = *std::move(path);
  held.checkpoint = published->checkpoint;
  for (const std::string& name : nodes_under(held.checkpoint, nodes)) {
    if (name != parts_.node_name) held.nodes.push_back(name);
  }
  return held;
}

void Service::submit_notice(std::string note, SubmitDone done, Uncount uncount) {
  if (stopping_) return done(Unexpected(Errors{stopping()}));
  auto answer = [this, done = std::move(done)](Results<BatchReceipt> outcome) {
    if (outcome) outcome->held = held(outcome->leaf);
    done(std::move(outcome));
  };
  parts_.pipeline.submit_notice(std::move(note), std::move(answer), std::move(uncount));
}

void Service::scan(const std::string& client, ScanRequest request,
                   std::function<void(const Answer<VerdictView>&)> done) {
  // First: who asks too much uses up no code's scans.
  if (!admits<VerdictView>(Asker{.client = client}, done)) return;
  auto checked = ScanDesk::check(std::move(request));
  if (!checked) return done({.head = {}, .value = Unexpected(std::move(checked).error())});
  const int64_t now_ms = parts_.clock();
  if (const uint32_t wait_ms = parts_.scans.admit(*checked, now_ms); wait_ms != 0) {
    return done({.head = {.retry_after_ms = wait_ms},
                 .value = Unexpected(rate_limited("too many scans or inner codes", wait_ms))});
  }
  ask<VerdictView>(
      {}, {},
      [this, now_ms, request = *checked](const Reader& reader, const LedgerHead&) {
        return parts_.scans.scan(reader, request, now_ms);
      },
      [code = checked->code, done = std::move(done)](Answer<VerdictView> answer) {
        answer.head.code = code;
        done(answer);
      });
}

void Service::verdict(const std::string& client, const CodeQuestion& question,
                      std::function<void(const Answer<VerdictView>&)> done) {
  ask<VerdictView>(
      client, question.at_least,
      [this, code = question.code](const Reader& reader, const LedgerHead&) {
        return parts_.scans.verdict(reader, code, parts_.clock());
      },
      [code = question.code, done = std::move(done)](Answer<VerdictView> answer) {
        answer.head.code = code;
        done(answer);
      });
}

Error Service::stopping() {
  return {.code = Code::STOPPING,
          .message = "the node is shutting down; send it again when it is back"};
}

std::string Service::not_ready_reason() const {
  if (stopping_) return "stopping";
  auto read_only = parts_.pipeline.read_only_reason();
  if (!read_only.empty()) return read_only;
  if (auto away = parts_.log_not_ready(); !away.empty()) return away;
  const bool waits = parts_.seals_by_itself && parts_.published.get() == nullptr;
  return waits ? "no checkpoint is published yet" : "";
}

void Service::update_gauges() const {
  parts_.metrics.workers_queued.Set(static_cast<double>(parts_.workers.queued()));
  const auto published = parts_.published.get();
  if (!published) return;
  const auto age_ms = std::max<int64_t>(0, parts_.clock() - published->time_ms());
  parts_.metrics.checkpoint_age_seconds.Set(static_cast<double>(age_ms) / 1000);
}

AtLeast Service::await_published(AtLeast at_least) const {
  const uint64_t published = parts_.published_waiters.size();
  const bool first = published == 0;
  // Before the first checkpoint, even a question without a size must wait for one.
  AtLeast asked{.size = std::max<uint64_t>(at_least.size, 1), .wait_ms = at_least.wait_ms};
  if (first) asked.wait_ms = std::max(asked.wait_ms, kFirstCheckpointWaitMs);
  asked.wait_ms = std::min(asked.wait_ms, static_cast<uint32_t>(limits::kWaitMsMax));
  if (asked.size > published) parts_.sealer.demand();
  return asked;
}

Unexpected<Error> Service::not_published(AtLeast asked, uint64_t size) {
  return fail(Code::SIZE_NOT_REACHED,
              size == 0 ? std::string("no checkpoint is published yet; ask again in a moment")
                        : "the newest checkpoint covers " + std::to_string(size) + " leaves, " +
                              std::to_string(asked.size) +
                              " were asked for; ask again, or wait longer (at most " +
                              std::to_string(limits::kWaitMsMax) + " ms)",
              "size");
}

Unexpected<Error> Service::not_reached(AtLeast at_least, uint64_t size) {
  return fail(Code::SIZE_NOT_REACHED,
              "the ledger has " + std::to_string(size) + " leaves, " +
                  std::to_string(at_least.size) +
                  " were asked for; ask again, or wait longer (at most " +
                  std::to_string(limits::kWaitMsMax) + " ms)",
              "size");
}

Error Service::busy() {
  return {.code = Code::BUSY, .message = "too many questions are waiting; ask again later"};
}

Result<Service::Attachment> Service::find_attachment(const Reader& reader, const Hash& name) {
  SUYUAN_TRY(row, reader.get(Table::attachment, name.view()));
  if (!row) return fail(Code::NOT_FOUND, "no attachment has this SHA-256", "sha256");
  Decoder decoder(*row);
  Attachment attachment;
  if (!decoder.get_string(attachment.media_type))
    return fail(Code::CORRUPT, "an attachment row has no media type");
  attachment.bytes = Bytes(decoder.rest());
  if (sha256(attachment.bytes) != name)
    return fail(Code::CORRUPT, "an attachment's bytes have changed on disk");
  return attachment;
}

Result<Done> Service::keep_attachment(const Hash& name, const Attachment& attachment,
                                      const std::string& party) {
  if (sha256(attachment.bytes) != name) {
    return fail(Code::ATTACHMENT_MISMATCH, "the bytes sent do not hash to the name in the path",
                "sha256");
  }
  if (auto why = parts_.pipeline.read_only_reason(); !why.empty())
    return fail(Code::READ_ONLY, std::move(why));
  Bytes row;
  put_string(row, attachment.media_type);
  row += attachment.bytes;
  return parts_.attachments.keep(name, std::move(row), party);
}

}  // namespace suyuan
