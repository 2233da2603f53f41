#include "ledger/proof/witness.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/merkle/tree.h"

namespace suyuan {
namespace {

constexpr uint64_t kSizeMax = ~uint64_t{0} >> 1;
constexpr size_t kRequestBytesMax = limits::kCheckpointBytesMax + (4 << 10);

WitnessAnswer refuse(int status, std::string why) {
  return {.status = status, .body = std::move(why) + "\n"};
}

Unexpected<Error> malformed(std::string message, size_t line) {
  return fail(Code::NOTE_SYNTAX, std::move(message),
              "line " + std::to_string(line));
}

// RFC 6962 2.1.2, and what it leaves open at the edges: nothing is proven about an empty tree, so
// no proof is sent.
bool grows(const TreeHead& older, const TreeHead& newer, std::span<const Hash> proof) {
  if (newer.size == 0 && newer.root != empty_root()) return false;
  if (older.size == 0) return proof.empty();
  return consistent(older, newer, proof);
}

}  // namespace

std::string write_add_checkpoint(const AddCheckpoint& request) {
  SUYUAN_CHECK(request.proof.size() <= limits::kProofHashesMax);
  std::string body = "old " + std::to_string(request.old_size) + "\n";
  for (const auto& hash : request.proof) body += to_base64(hash.view()) + "\n";
  return body + "\n" + request.note;
}

Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
  if (body.size() > kRequestBytesMax) {
    return fail(Code::TOO_LARGE, "at most 68 KiB are accepted");
  }
  const size_t head_end = body.find("\n\n");
  if (head_end == std::string_view::npos) return malformed("no blank line", 1);
  AddCheckpoint request{.old_size = 0, .proof = {}, .note = std::string(body.substr(head_end + 2))};
  const auto lines = split(body.substr(0, head_end), '\n');
  const auto old_size =
      lines[0].starts_with("old ") ? from_decimal(lines[0].substr(4)) : std::nullopt;
  if (!old_size || *old_size > kSizeMax) return malformed("expected: old <size>", 1);
  request.old_size = *old_size;
  if (lines.size() - 1 > limits::kProofHashesMax) {
    return fail(Code::TOO_MANY, "a proof has at most 63 lines");
  }
  for (size_t i = 1; i < lines.size(); ++i) {
    const auto hash = fixed_from_base64<Hash>(lines[i]);
    if (!hash) return malformed("expected a hash in base64", i + 1);
    request.proof.push_back(*hash);
  }
  const auto note = split_note(request.note);
  // A malformed signature line counts as one that does not verify: 403, as in Go's readers, whose
  // base64 is less strict than ours.
  const bool only_a_line = !note && note.error().field.starts_with("signature line");
  if (!note && !only_a_line) return Unexpected(note.error());
  if (origin_of(request).empty()) {
    return malformed("the checkpoint has no origin", lines.size() + 2);
  }
  return request;
}

std::string_view origin_of(const AddCheckpoint& request) {
  return std::string_view(request.note).substr(0, request.note.find('\n'));
}

WitnessAnswer add_checkpoint(const AddCheckpoint& request, const WitnessedLog* log,
                             const CosignerKey& witness, uint64_t now_s) {
  if (log == nullptr) return refuse(404, "unknown log");
  SUYUAN_CHECK(log->origin == origin_of(request));
  const auto opened = open_note(request.note, log->keys);
  if (!opened) return refuse(403, "invalid signature: " + to_text(opened.error()));
  const auto note = split_note(request.note);
  SUYUAN_CHECK(note.has_value());  // it was opened
  const auto checkpoint = parse_checkpoint(note->text);
  if (!checkpoint) return refuse(400, "invalid checkpoint: " + checkpoint.error().message);
  const TreeHead& head = checkpoint->head;
  if (request.old_size > head.size) {
    return refuse(400, "invalid input: the old size is above the checkpoint's");
  }
  if (request.old_size != log->head.size) {
    return {.status = 409,
            .body = std::to_string(log->head.size) + "\n",
            .content_type = "text/x.tlog.size"};
  }
  if (!grows(log->head, head, request.proof)) {
    return refuse(422, "the consistency proof does not lead from the old tree to the new one");
  }
  const NoteLine line = cosign(note->text, witness, now_s);
  WitnessedLog next = *log;
  next.head = head;
  // Only the verified lines are kept; our own earlier ones have no value any more.
  LineNote kept{.text = note->text, .lines = {}};
  for (const auto& one : note->lines) {
    const auto is_its = [&one](const NoteKey& key) {
      return key.name == one.name && key.id() == one.key_id;
    };
    if (std::any_of(log->keys.begin(), log->keys.end(), is_its)) kept.lines.push_back(one);
  }
  kept.lines.push_back(line);
  next.note = write_line_note(kept);
  return {.status = 200, .body = write_note_line(line), .next = std::move(next)};
}

WitnessAnswer refuse_request(const Error& error) {
  return refuse(error.code == Code::TOO_LARGE ? 413 : 400, "invalid input: " + to_text(error));
}

}  // namespace suyuan
