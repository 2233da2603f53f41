#include "node/pipeline/proposals.h"

#include <algorithm>

#include "ledger/apply/weight.h"
#include "ledger/base/coding.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

// The first byte of a proposal on its way through a log that nodes share.
constexpr char kBatchKind = 1;
constexpr char kSealKind = 2;
constexpr char kNoticeKind = 3;

}  // namespace

ProposalKind kind_of(Proposal& proposal) { return as<NodeProposal>(proposal).kind(); }

BatchProposal::BatchProposal(VerifiedBatch verified, SubmitDone waiting)
    : done(std::move(waiting)),
      bytes_(sent_bytes(verified)),
      weight_(weight_of(verified)),
      batch_(std::move(verified)) {}

Bytes BatchProposal::encode() const {
  Submission submission{.note = batch().note_text(), .events = {}};
  for (const auto& event : batch().events()) submission.events.push_back(event.body);
  return Bytes(1, kBatchKind) + encode_submission(submission);
}

bool BatchProposal::equals(const Submission& other) const {
  const auto same = [](const VerifiedEvent& event, const EventBody& body) {
    return event.body == body;
  };
  return other.note == batch().note_text() &&
         std::equal(batch().events().begin(), batch().events().end(), other.events.begin(),
                    other.events.end(), same);
}

Results<Done> BatchProposal::verify(const LedgerId& ledger, const Reader& state) {
  auto decoded = decode(encoded_);
  if (!decoded) return Unexpected(std::move(decoded).error());
  auto verified = suyuan::verify(*std::move(decoded), ledger, state);
  if (!verified) return Unexpected(std::move(verified).error());
  batch_ = *std::move(verified);
  weight_ = weight_of(*batch_);
  return Done{};
}

Results<DecodedBatch> BatchProposal::decode(BytesView encoded) {
  auto submission = decode_submission(encoded);
  if (!submission) return Unexpected(Errors{std::move(submission).error()});
  return decode_batch(*std::move(submission));
}

Bytes SealProposal::encode() const {
  Bytes out(1, kSealKind);
  put_u64(out, previous_);
  return out;
}

NoticeProposal::NoticeProposal(VerifiedNotice notice, SubmitDone waits, NoticesWaiting waiting)
    : done(std::move(waits)),
      note_(notice.note_text()),
      waiting_(std::move(waiting)),
      verified_(std::move(notice)) {}

NoticeProposal::~NoticeProposal() {
  if (waiting_) --*waiting_;
}

Bytes NoticeProposal::encode() const { return Bytes(1, kNoticeKind) + note_; }

Result<Done> NoticeProposal::verify(const LedgerId& ledger, const Reader& state) {
  if (verified_) return Done{};
  SUYUAN_TRY(verified, verify_notice(note_, ledger, state));
  verified_ = std::move(verified);
  return Done{};
}

Result<std::unique_ptr<Proposal>> decode_proposal(BytesView bytes, const LedgerId& ledger,
                                                  const Reader& state) {
  if (bytes.empty()) return fail(Code::MALFORMED_SUBMISSION, "a proposal without bytes");
  const BytesView rest = bytes.substr(1);
  if (bytes.front() == kSealKind) {
    Decoder in(rest);
    uint64_t previous = 0;
    if (!in.get_u64(previous) || !in.done()) {
      return fail(Code::MALFORMED_SUBMISSION, "a seal names the seal before it");
    }
    return std::unique_ptr<Proposal>(std::make_unique<SealProposal>(previous));
  }
  if (bytes.front() == kNoticeKind) {
    if (rest.starts_with("suyuan/") && !is_known_notice(rest)) {
      return fail(Code::STORE_TOO_NEW, "the ordered log holds a notice " +
                                           quote(rest.substr(0, rest.find('\n'))) +
                                           ", which this program does not know: update it");
    }
    SUYUAN_TRY_DONE(parse_notice(rest));
    return std::unique_ptr<Proposal>(std::make_unique<NoticeProposal>(std::string(rest)));
  }
  if (bytes.front() != kBatchKind) {
    return fail(Code::STORE_TOO_NEW, "the ordered log holds a proposal of kind " +
                                         std::to_string(static_cast<uint8_t>(bytes.front())) +
                                         ", which this program does not know: update it");
  }
  auto decoded = BatchProposal::decode(rest);
  if (!decoded) return Unexpected(std::move(decoded).error().front());
  auto verified = verify(*std::move(decoded), ledger, state);
  if (!verified) return std::unique_ptr<Proposal>(std::make_unique<BatchProposal>(Bytes(rest)));
  return std::unique_ptr<Proposal>(
      std::make_unique<BatchProposal>(*std::move(verified), SubmitDone()));
}

// Values follow from the bytes alone, so that these are the same is enough.
Result<Done> check_encoding(const Proposal& proposal, BytesView encoded) {
  if (proposal.alone()) return Done{};
  const auto* batch = dynamic_cast<const BatchProposal*>(&proposal);
  SUYUAN_CHECK(batch != nullptr && !encoded.empty());
  SUYUAN_TRY(back, decode_submission(encoded.substr(1)));
  if (batch->equals(back)) return Done{};
  return fail(Code::MALFORMED_SUBMISSION, "the batch does not come back as it is from the bytes "
                                          "that other nodes would read");
}

}  // namespace suyuan
