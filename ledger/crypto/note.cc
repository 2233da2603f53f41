#include "ledger/crypto/note.h"

#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/note_parts.h"

namespace suyuan {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // U+2014 EM DASH, space
constexpr char kEd25519 = 0x01;
constexpr size_t kKeyIdBytes = 4;

Unexpected<Error> refuse(std::string message, std::string field = {}) {
  return fail(Code::NOTE_SYNTAX, std::move(message), std::move(field));
}

Bytes typed(const PublicKey& key) { return kEd25519 + key.bytes(); }

// `where` is the line's number among the signature lines, from 1.
Result<NoteSignature> parse_signature_line(std::string_view line, size_t where) {
  const auto place = [where] { return "signature line " + std::to_string(where); };
  if (!line.starts_with(kDash)) {
    return refuse("found " + quote(line) + ", expected U+2014, a space, a name", place());
  }
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  const std::string_view name = line.substr(0, space);
  if (!is_note_name(name)) {
    return refuse(quote(name) + " is not a name: 1 to 255 graphic ASCII bytes without '+'",
                  place());
  }
  const std::string_view encoded =
      space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
  const auto bytes = from_base64(encoded);
  if (!bytes || bytes->size() != kKeyIdBytes + Signature::kSize) {
    return refuse("found " + quote(encoded) + ", expected a key id and an Ed25519 signature, " +
                      "together 68 bytes, in standard padded base64",
                  place());
  }
  NoteSignature signature{.name = std::string(name), .key_id = 0, .signature = {}};
  Decoder decoder(*bytes);
  SUYUAN_CHECK(decoder.get_u32(signature.key_id) && decoder.get_fixed(signature.signature));
  return signature;
}

}  // namespace

Result<SignedNote> parse_note(std::string_view note, size_t bytes_max) {
  SUYUAN_TRY(parts, split_note_parts(note, bytes_max));
  SignedNote parsed{.text = std::string(parts.text), .signatures = {}};
  std::string_view rest = parts.lines;
  for (size_t end = 0; !rest.empty(); rest.remove_prefix(end + 1)) {
    if (parsed.signatures.size() == kNoteSignaturesMax) {
      return fail(Code::TOO_MANY, "a note has at most 16 signature lines");
    }
    end = rest.find('\n');
    SUYUAN_TRY(line, parse_signature_line(rest.substr(0, end), parsed.signatures.size() + 1));
    parsed.signatures.push_back(std::move(line));
  }
  return parsed;
}

std::string write_note(const SignedNote& note) {
  SUYUAN_CHECK(!note.text.empty() && note.text.back() == '\n' && !note.signatures.empty());
  std::string out = note.text + "\n";
  for (const auto& line : note.signatures) {
    Bytes bytes;
    put_u32(bytes, line.key_id);
    bytes += line.signature.view();
    out.append(kDash).append(line.name).append(" ").append(to_base64(bytes)).append("\n");
  }
  return out;
}

uint32_t key_id(std::string_view name, const PublicKey& key) {
  const Hash hash = sha256({name, "\n", typed(key)});
  uint32_t id = 0;
  SUYUAN_CHECK(Decoder(hash.view()).get_u32(id));
  return id;
}

std::string key_id_text(uint32_t id) {
  Bytes bytes;
  put_u32(bytes, id);
  return to_hex(bytes);
}

bool is_note_name(std::string_view name) {
  return name.size() <= limits::kOriginBytesMax && is_ascii_graphic(name) &&
         name.find('+') == std::string_view::npos;
}

NoteSignature sign_note(std::string_view text, std::string_view name, const SecretKey& secret,
                        const PublicKey& key) {
  SUYUAN_CHECK(!text.empty() && text.back() == '\n' && is_note_name(name));
  return {.name = std::string(name), .key_id = key_id(name, key), .signature = sign(secret, text)};
}

bool verify_note_signature(std::string_view text, const NoteSignature& line, const PublicKey& key) {
  return line.key_id == key_id(line.name, key) && verify(key, text, line.signature);
}

std::string write_vkey(const VerifierKey& key) {
  SUYUAN_CHECK(is_note_name(key.name));
  return key.name + "+" + key_id_text(key_id(key.name, key.key)) + "+" +
         to_base64(typed(key.key));
}

Result<VerifierKey> parse_vkey(std::string_view text) {
  const auto refuse_key = [text](std::string_view why) {
    return fail(Code::INVALID_FIELD, quote(text).append(" ").append(why));
  };
  constexpr std::string_view kForm = "is not <name>+<8 hex digits>+<base64 of an Ed25519 key>";
  // The base64 part may contain a '+' too.
  const size_t first = text.find('+');
  const size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return refuse_key(kForm);
  const std::string_view name = text.substr(0, first);
  const auto id = from_hex(text.substr(first + 1, second - first - 1));
  const auto bytes = from_base64(text.substr(second + 1));
  if (!is_note_name(name) || !id || id->size() != kKeyIdBytes || !bytes ||
      bytes->size() != 1 + PublicKey::kSize || bytes->front() != kEd25519) {
    return refuse_key(kForm);
  }
  const VerifierKey key{.name = std::string(name), .key = PublicKey::from(bytes->substr(1))};
  if (write_vkey(key) != text) return refuse_key("has a key id that is not of this name and key");
  if (!is_prime_order_point(key.key)) return refuse_key("holds a key that is not of prime order");
  return key;
}

}  // namespace suyuan
