#include "client/handing_on.h"

#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/event/record.h"
#include "ledger/merkle/tree.h"
#include "proto/json/submission_json.h"
#include "proto/registry_codec.h"

namespace suyuan {
namespace {

Result<Done> check_acts(const HandedOn& handed) {
  const BatchNote& note = handed.note.batch();
  if (handed.submission.events.size() != note.events)
    return fail(Code::COUNT_MISMATCH, "the number of acts in the file is not what its note says");
  std::vector<Hash> leaves;
  for (size_t i = 0; i < handed.acts.size(); ++i) {
    const EventBody& body = handed.submission.events[i];
    leaves.push_back(leaf_hash(
        encode_record({.code_keys = {code_key(code_of(handed.acts[i]))},
                       .payload = payload_hash(body.salt, body.payload)})));
  }
  if (tree_hash(leaves) == note.root) return Done{};
  return fail(Code::ROOT_MISMATCH, "the acts in the file are not those that its note signs; use "
                                   "the file as it was passed on");
}

}  // namespace

Result<HandedOn> read_handed_on(std::string_view text, const LedgerId& ledger) {
  SUYUAN_TRY(submission, parse_submission_json(text));
  SUYUAN_TRY(note, UnfinishedNote::parse(submission.note));
  if (note.batch().ledger != ledger) {
    return fail(Code::LEDGER_MISMATCH, "it is for the ledger " +
                                           quote(note.batch().ledger.line()) + ", but pinned is " +
                                           quote(ledger.line()));
  }
  if (note.batch().type != PayloadType::registry_capnp) {
    return fail(Code::UNSUPPORTED_TYPE, "it has no registry acts, and only these are passed "
                                        "on so");
  }
  HandedOn handed{.note = std::move(note), .submission = std::move(submission), .acts = {}};
  for (size_t i = 0; i < handed.submission.events.size(); ++i) {
    auto act = decode_registry(handed.submission.events[i].payload);
    if (!act) return Unexpected(at_event(std::move(act).error(), i));
    handed.acts.push_back(*std::move(act));
  }
  SUYUAN_TRY_DONE(check_acts(handed));
  return handed;
}

std::string write_handed_on(const HandedOn& handed) {
  Submission submission = handed.submission;
  submission.note = handed.note.text();
  return write_submission_json(submission) + "\n";
}

}  // namespace suyuan
