#include "node/http/epcis/signed_batch.h"

#include "ledger/base/limits.h"
#include "ledger/base/text.h"

namespace suyuan::http::epcis {
namespace {

constexpr size_t kBodyBytesMax = 2 * limits::kBatchBytesMax;
constexpr size_t kBoundaryBytesMax = 70;  // RFC 2046 5.1.1

Unexpected<Error> malformed(std::string message) {
  return fail(Code::MALFORMED_SUBMISSION, std::move(message));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::optional<std::string> boundary_of(std::string_view content_type) {
  for (const auto part : split(content_type, ';')) {
    auto text = trimmed(part);
    if (!lower(text).starts_with("boundary=")) continue;
    text.remove_prefix(9);
    if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"'))
      text = text.substr(1, text.size() - 2);
    if (text.empty() || text.size() > kBoundaryBytesMax) return std::nullopt;
    return std::string(text);
  }
  return std::nullopt;
}

struct Part {
  std::string type;  // media type, lower case
  std::string salt;
  std::string_view content;
};

Result<Part> parse_part(std::string_view text) {
  Part part;
  for (;;) {
    const size_t end = text.find("\r\n");
    if (end == std::string_view::npos) return malformed("a part ends within its headers");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (line.empty()) break;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return malformed("a part has a line that is not a header");
    const std::string name = lower(line.substr(0, colon));
    const auto value = trimmed(line.substr(colon + 1));
    if (name == "content-type") part.type = lower(trimmed(value.substr(0, value.find(';'))));
    if (name == "suyuan-salt") part.salt = value;
  }
  part.content = text;
  return part;
}

// Returns the bodies between the boundary lines.
Result<std::vector<Part>> parse_parts(const std::string& boundary, std::string_view body) {
  const std::string line = "--" + boundary;
  if (!body.starts_with(line)) return malformed("the body does not begin with its boundary");
  body.remove_prefix(line.size());
  std::vector<Part> parts;
  while (!body.starts_with("--")) {
    if (!body.starts_with("\r\n")) return malformed("after a boundary a line must end (CRLF)");
    body.remove_prefix(2);
    const size_t end = body.find("\r\n" + line);
    if (end == std::string_view::npos) return malformed("the last boundary is missing");
    if (parts.size() > limits::kBatchEventsMax)
      return fail(Code::TOO_MANY, "a batch has at most 4,096 events");
    SUYUAN_TRY(part, parse_part(body.substr(0, end)));
    parts.push_back(std::move(part));
    body.remove_prefix(end + 2 + line.size());
  }
  return parts;
}

}  // namespace

Result<Submission> parse_signed_batch(std::string_view content_type, std::string_view body) {
  if (body.size() > kBodyBytesMax)
    return fail(Code::TOO_LARGE, "a signed batch has at most 1 MiB of payloads");
  const auto boundary = boundary_of(content_type);
  if (!boundary) return malformed("Content-Type names no boundary");
  SUYUAN_TRY(parts, parse_parts(*boundary, body));
  if (parts.size() < 2) return malformed("expected the batch note and one part for each event");
  Submission submission{.note = std::string(parts.front().content), .events = {}};
  for (size_t i = 1; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.type != "application/ld+json" && part.type != "application/json") {
      return fail(Code::UNSUPPORTED_TYPE, "part " + std::to_string(i) + " is " + quote(part.type) +
                                              ", expected application/ld+json");
    }
    const auto salt = fixed_from_base64<Salt>(part.salt);
    if (!salt)
      return malformed("part " + std::to_string(i) +
                       " needs Suyuan-Salt: <base64 of 32 bytes>");
    submission.events.push_back({.salt = *salt, .payload = Bytes(part.content)});
  }
  return submission;
}

size_t parse_signed_bytes_max(std::string_view body) {
  return body.size() > kBodyBytesMax ? 0 : 2 * body.size();
}

}  // namespace suyuan::http::epcis
