#include "ledger/proof/open_note.h"

#include <algorithm>
#include <array>

#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/note_parts.h"
#include "ledger/proof/cosignature.h"

namespace suyuan {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // U+2014 EM DASH, space
constexpr size_t kKeyIdBytes = 4;

Unexpected<Error> refuse(std::string message, std::string field = {}) {
  return fail(Code::NOTE_SYNTAX, std::move(message), std::move(field));
}

Bytes typed(const NoteKey& key) {
  return Bytes(1, static_cast<char>(key.type)) + key.key.bytes();
}

// Unicode's White_Space beyond the control characters, which no note contains.
bool has_unicode_space(std::string_view text) {
  constexpr std::array<std::string_view, 20> kSpaces = {
      " ",            "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80",
      "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85",
      "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A",
      "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  return std::any_of(kSpaces.begin(), kSpaces.end(), [text](std::string_view space) {
    return text.find(space) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x20; });
}

// `where` is the line's number among the signature lines, from 1.
Result<NoteLine> parse_line(std::string_view line, size_t where) {
  const std::string place = "signature line " + std::to_string(where);
  if (!line.starts_with(kDash)) {
    return refuse("found " + quote(line) + ", expected U+2014, a space, a name", place);
  }
  line.remove_prefix(kDash.size());
  const size_t space = line.find(' ');
  const std::string_view name = line.substr(0, space);
  if (!is_c2sp_name(name)) {
    return refuse(quote(name) + " is not a name: it has white space, '+', or nothing", place);
  }
  const std::string_view encoded =
      space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
  const auto bytes = from_base64(encoded);
  if (!bytes || bytes->size() <= kKeyIdBytes) {
    return refuse("found " + quote(encoded) +
                      ", expected a key id and a signature in standard padded base64",
                  place);
  }
  NoteLine parsed{.name = std::string(name), .key_id = 0, .signature = {}};
  SUYUAN_CHECK(Decoder(*bytes).get_u32(parsed.key_id));
  parsed.signature = bytes->substr(kKeyIdBytes);
  return parsed;
}

// The time that the line states (0 for a log's), or nullopt if it does not verify.
std::optional<uint64_t> verified_time(std::string_view text, const NoteLine& line,
                                      const NoteKey& key) {
  if (key.type == NoteKeyType::cosignature) return verify_cosignature(text, line, key);
  if (line.signature.size() != Signature::kSize) return std::nullopt;
  if (!verify(key.key, text, Signature::from(line.signature))) return std::nullopt;
  return 0;
}

}  // namespace

uint32_t NoteKey::id() const {
  const Hash hash = sha256({name, "\n", typed(*this)});
  uint32_t id = 0;
  SUYUAN_CHECK(Decoder(hash.view()).get_u32(id));
  return id;
}

bool is_c2sp_name(std::string_view text) {
  return !text.empty() && is_clean_utf8(text) && text.find('+') == std::string_view::npos &&
         !has_control(text) && !has_unicode_space(text);
}

std::string write_note_key(const NoteKey& key) {
  SUYUAN_CHECK(is_c2sp_name(key.name));
  Bytes id;
  put_u32(id, key.id());
  return key.name + "+" + to_hex(id) + "+" + to_base64(typed(key));
}

Result<NoteKey> parse_note_key(std::string_view vkey) {
  const auto refuse_key = [vkey](std::string_view why) {
    return fail(Code::INVALID_FIELD, quote(vkey).append(" ").append(why));
  };
  constexpr std::string_view kForm =
      "is not <name>+<8 hex digits>+<base64 of the byte 0x01 or 0x04 and an Ed25519 key>";
  // The base64 part may contain a '+' too.
  const size_t first = vkey.find('+');
  const size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) return refuse_key(kForm);
  const std::string_view name = vkey.substr(0, first);
  const auto bytes = from_base64(vkey.substr(second + 1));
  if (!is_c2sp_name(name) || !bytes || bytes->size() != 1 + PublicKey::kSize) {
    return refuse_key(kForm);
  }
  const auto type = static_cast<NoteKeyType>(bytes->front());
  if (type != NoteKeyType::ed25519 && type != NoteKeyType::cosignature) return refuse_key(kForm);
  const NoteKey key{
      .name = std::string(name), .type = type, .key = PublicKey::from(bytes->substr(1))};
  if (write_note_key(key) != vkey) {
    return refuse_key("has a key id that is not of this name and key");
  }
  return key;
}

std::string write_note_line(const NoteLine& line) {
  Bytes bytes;
  put_u32(bytes, line.key_id);
  bytes += line.signature;
  return std::string(kDash) + line.name + " " + to_base64(bytes) + "\n";
}

Result<LineNote> split_note(std::string_view note) {
  SUYUAN_TRY(parts, split_note_parts(note, limits::kCheckpointBytesMax));
  LineNote parsed{.text = std::string(parts.text), .lines = {}};
  std::string_view rest = parts.lines;
  for (size_t end = 0; !rest.empty(); rest.remove_prefix(end + 1)) {
    if (parsed.lines.size() == limits::kNoteLinesMax) {
      return fail(Code::TOO_MANY, "at most 100 signature lines are read");
    }
    end = rest.find('\n');
    SUYUAN_TRY(line, parse_line(rest.substr(0, end), parsed.lines.size() + 1));
    parsed.lines.push_back(std::move(line));
  }
  return parsed;
}

std::string write_line_note(const LineNote& note) {
  SUYUAN_CHECK(!note.text.empty() && note.text.back() == '\n' && !note.lines.empty());
  std::string out = note.text + "\n";
  for (const auto& line : note.lines) out += write_note_line(line);
  return out;
}

Result<std::vector<VerifiedLine>> verify_lines(const LineNote& note,
                                               std::span<const NoteKey> known) {
  std::vector<VerifiedLine> verified;
  for (const auto& line : note.lines) {
    const auto key = std::find_if(known.begin(), known.end(), [&line](const NoteKey& one) {
      return one.name == line.name && one.id() == line.key_id;
    });
    if (key == known.end()) continue;
    const auto index = static_cast<size_t>(key - known.begin());
    const bool repeated = std::any_of(verified.begin(), verified.end(),
                                      [index](const auto& one) { return one.key == index; });
    if (repeated) continue;
    const auto time_s = verified_time(note.text, line, *key);
    if (!time_s) {
      return fail(Code::SIGNATURE_INVALID,
                  "the signature line of " + quote(line.name) + " does not verify");
    }
    verified.push_back({.key = index, .time_s = *time_s});
  }
  return verified;
}

Result<OpenedNote> open_note(std::string_view note, std::span<const NoteKey> known) {
  SUYUAN_TRY(split, split_note(note));
  SUYUAN_TRY(verified, verify_lines(split, known));
  if (verified.empty()) {
    return fail(Code::KEY_UNKNOWN, "no signature line is by a known key");
  }
  return OpenedNote{.text = std::move(split.text), .verified = std::move(verified)};
}

}  // namespace suyuan
