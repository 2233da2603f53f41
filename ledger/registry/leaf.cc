// Leaf data: a head of two lines, and what must follow it (formats.md 4).
#include <array>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/registry/genesis.h"

namespace suyuan {
namespace {

constexpr std::string_view kLeafHeader = "suyuan/leaf/v1 ";
constexpr std::array<LeafKind, 4> kKinds = {LeafKind::genesis, LeafKind::batch, LeafKind::seal,
                                            LeafKind::notice};

// The allowed first lines of a text of this kind.
std::vector<std::string_view> headers_of(LeafKind kind) {
  switch (kind) {
    case LeafKind::genesis: return {"suyuan/genesis/v1"};
    case LeafKind::batch: return {"suyuan/batch/v1"};
    case LeafKind::seal: return {"suyuan/seal/v1"};
    case LeafKind::notice: return {"suyuan/erase/v1", "suyuan/rules/v1"};
  }
  return {};
}

bool fits(LeafKind kind, std::string_view text) {
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return false;
  for (const auto header : headers_of(kind)) {
    if (text.substr(0, end) == header) return true;
  }
  return false;
}

std::optional<LeafKind> kind_of(std::string_view first_line) {
  for (const LeafKind kind : kKinds) {
    if (first_line == std::string(kLeafHeader).append(word(kind))) return kind;
  }
  return std::nullopt;
}

}  // namespace

std::string_view word(LeafKind kind) {
  constexpr std::array<std::string_view, 4> kWords = {"genesis", "batch", "seal", "notice"};
  const auto index = static_cast<size_t>(kind);
  SUYUAN_CHECK(index < kWords.size());
  return kWords[index];
}

Bytes write_leaf(LeafKind kind, int64_t time_ms, std::string_view text) {
  SUYUAN_CHECK(time_ms >= 0 && static_cast<uint64_t>(time_ms) <= kTextTimeMsMax);
  SUYUAN_CHECK(fits(kind, text));
  Bytes data(kLeafHeader);
  data.append(word(kind)).append("\ntime ").append(std::to_string(time_ms)).append("\n\n");
  return data.append(text);
}

Result<Leaf> parse_leaf(BytesView data) {
  if (data.size() > limits::kLeafBytesMax) {
    return fail(Code::TOO_LARGE, "a leaf has at most 16 KiB, found " + std::to_string(data.size()));
  }
  const size_t end = data.find("\n\n");
  if (end == BytesView::npos) {
    return fail(Code::NOTE_SYNTAX, "found no blank line after the leaf's head; is it cut off?");
  }
  const BytesView head = data.substr(0, end + 1);
  const BytesView text = data.substr(end + 2);
  const BytesView first_line = head.substr(0, head.find('\n'));
  const auto kind = kind_of(first_line);
  if (!kind) {
    return fail(Code::NOTE_SYNTAX,
                "found " + quote(first_line) + ", expected \"suyuan/leaf/v1 <kind>\"", "line 1");
  }
  SUYUAN_TRY(lines, TextLines::open(head, first_line));
  SUYUAN_TRY(time, lines.take_time("time"));
  SUYUAN_TRY_DONE(lines.finish());
  if (!fits(*kind, text)) {
    return fail(Code::NOTE_SYNTAX, "found " + quote(text.substr(0, text.find('\n'))) +
                                       ", which is not the first line of a leaf of kind " +
                                       std::string(word(*kind)));
  }
  return Leaf{.kind = *kind, .time_ms = time, .text = std::string(text)};
}

}  // namespace suyuan
