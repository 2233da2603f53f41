#include "ledger/proof/checkpoint.h"

#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

constexpr uint64_t kSizeMax = ~uint64_t{0} >> 1;

Unexpected<Error> refuse(size_t line, std::string message) {
  return fail(Code::NOTE_SYNTAX, std::move(message), "line " + std::to_string(line));
}

// Takes the next line off `rest`; every line of a note's text ends in a line feed.
std::string_view take_line(std::string_view& rest) {
  const size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

}  // namespace

std::string write_checkpoint(const Checkpoint& checkpoint) {
  SUYUAN_CHECK(!checkpoint.origin.empty() && checkpoint.head.size <= kSizeMax);
  return checkpoint.origin + "\n" + std::to_string(checkpoint.head.size) + "\n" +
         to_base64(checkpoint.head.root.view()) + "\n" + checkpoint.extensions;
}

Result<Checkpoint> parse_checkpoint(std::string_view text, CheckpointForm form) {
  if (text.empty() || text.back() != '\n') {
    return fail(Code::NOTE_SYNTAX, "a checkpoint's text ends in a line feed; is it cut off?");
  }
  std::string_view rest = text;
  Checkpoint parsed;
  parsed.origin = take_line(rest);
  if (parsed.origin.empty()) return refuse(1, "expected the log's origin");
  const std::string_view size = take_line(rest);
  const auto number = from_decimal(size);
  if (!number || *number > kSizeMax) {
    return refuse(2, "found " + quote(size) + ", expected the number of leaves below 2^63");
  }
  parsed.head.size = *number;
  const std::string_view encoded = take_line(rest);
  const auto root = fixed_from_base64<Hash>(encoded);
  if (!root) return refuse(3, "found " + quote(encoded) + ", expected a root in base64");
  parsed.head.root = *root;
  if (!rest.empty() && form == CheckpointForm::plain) {
    return refuse(4, "found " + quote(rest) + ", expected no extension lines");
  }
  parsed.extensions = rest;
  if (rest.starts_with('\n') || rest.find("\n\n") != std::string_view::npos) {
    return refuse(4, "an extension line is not empty");
  }
  return parsed;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const SecretKey& secret,
                            const PublicKey& key) {
  LineNote note{.text = write_checkpoint(checkpoint), .lines = {}};
  const NoteKey named{.name = checkpoint.origin, .type = NoteKeyType::ed25519, .key = key};
  SUYUAN_CHECK(is_c2sp_name(named.name));
  note.lines.push_back({.name = named.name,
                        .key_id = named.id(),
                        .signature = sign(secret, note.text).bytes()});
  return write_line_note(note);
}

std::string with_lines(std::string note, std::span<const NoteLine> lines) {
  SUYUAN_CHECK(note.ends_with('\n'));
  for (const auto& line : lines) note += write_note_line(line);
  return note;
}

NoteLine grease_line(const Hash& random) {
  const std::string name = "grease.invalid/" + to_hex(random.view().substr(0, 4));
  const Hash id = sha256({name, "\n\xFF", "suyuan grease", random.view()});
  NoteLine line{.name = name, .key_id = 0, .signature = {}};
  SUYUAN_CHECK(Decoder(id.view()).get_u32(line.key_id));
  // Its length differs from that of all known signatures.
  line.signature = sha256({id.view(), random.view()}).bytes() +
                   random.bytes().substr(0, 1 + (random.data[4] % 31U));
  return line;
}

}  // namespace suyuan
