#include "node/node_cosigners.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "ledger/base/coding.h"

namespace suyuan {
namespace {

constexpr uint8_t kShownVersion = 1;
constexpr int kPauseDoublings = 4;

uint64_t seconds_of(int64_t ms) { return static_cast<uint64_t>(std::max<int64_t>(0, ms) / 1000); }

NoteKey cosigner_key(const NamedKey& node) {
  return {.name = node.name, .type = NoteKeyType::cosignature, .key = node.key};
}

}  // namespace

Bytes encode_shown(const ShownLines& lines) {
  SUYUAN_CHECK(lines.size() <= kShownLinesMax);
  Bytes out;
  put_u8(out, kShownVersion);
  put_u8(out, static_cast<uint8_t>(lines.size()));
  for (const auto& one : lines) {
    put_u64(out, one.size);
    put_string(out, one.line);
  }
  return out;
}

Result<ShownLines> decode_shown(BytesView bytes) {
  Decoder in(bytes);
  uint8_t version = 0;
  uint8_t count = 0;
  bool whole = in.get_u8(version) && version == kShownVersion && in.get_u8(count) &&
               count <= kShownLinesMax;
  ShownLines lines(whole ? count : 0);
  for (auto& one : lines) {
    whole = whole && in.get_u64(one.size) && in.get_string(one.line);
  }
  if (whole && in.done()) return lines;
  return fail(Code::CORRUPT, "what a node shows the others cannot be read");
}

std::vector<std::string> nodes_under(const std::string& checkpoint,
                                     const std::vector<NamedKey>& nodes) {
  std::vector<std::string> names;
  const auto note = split_note(checkpoint);
  if (!note) return names;
  for (const NamedKey& node : nodes) {
    const NoteKey key = cosigner_key(node);
    const bool signed_it = std::ranges::any_of(note->lines, [&](const NoteLine& line) {
      return line.name == key.name && line.key_id == key.id();
    });
    if (signed_it) names.push_back(node.name);
  }
  return names;
}

// Ours is shown before anyone is waited for: the others wait for it too.
std::string NodeCosigners::cosign(const CosignRequest& request) {
  const auto note = split_note(request.checkpoint);
  SUYUAN_CHECK(note);  // we wrote it
  const NamedKeyPair& key = parts_.key;
  const std::string own = write_note_line(
      suyuan::cosign(note->text, {.name = key.name, .secret = key.pair.secret, .key = key.pair.key},
                     seconds_of(parts_.clock())));
  std::erase_if(ours_, [&](const ShownLine& one) { return one.size == request.tree.size; });
  ours_.insert(ours_.begin(), {.size = request.tree.size, .line = own});
  ours_.resize(std::min(ours_.size(), kShownLinesMax));
  const auto shown = parts_.show(encode_shown(ours_));
  std::string outside;
  if (outside_ != nullptr) outside = outside_->cosign(request);

  Lines lines;
  if (shown) {
    take(*shown, note->text, request.tree.size, lines);
    if (!is_enough(lines)) lines = collect(request, note->text);
  }
  lines[parts_.key.name] = own;
  std::string all;
  for (const auto& [name, line] : lines) all += line;
  return all + outside;
}

NodeCosigners::Lines NodeCosigners::collect(const CosignRequest& request, std::string_view text) {
  auto give_up = std::chrono::steady_clock::now() + limits_.all;
  bool hurried = false;
  Lines lines;
  for (int look = 0; std::chrono::steady_clock::now() < give_up; ++look) {
    std::this_thread::sleep_for(limits_.pause * (1 << std::min(look, kPauseDoublings)));
    const auto shown = parts_.show(std::nullopt);
    if (!shown) break;  // the log does not answer: with the next checkpoint
    take(*shown, text, request.tree.size, lines);
    if (is_enough(lines)) break;
    if (is_majority(lines) && !std::exchange(hurried, true)) {
      give_up = std::min(give_up, std::chrono::steady_clock::now() + limits_.others);
    }
  }
  return lines;
}

// Only what verifies: one line that does not would spoil the note for everyone who knows the key.
void NodeCosigners::take(const std::map<std::string, Bytes>& shown, std::string_view text,
                         uint64_t size, Lines& lines) const {
  for (const NamedKey& node : parts_.nodes) {
    const auto found = shown.find(node.name);
    if (node.name == parts_.key.name || found == shown.end() || lines.contains(node.name)) {
      continue;
    }
    const auto decoded = decode_shown(found->second);
    if (!decoded) continue;
    for (const ShownLine& one : *decoded) {
      if (one.size != size) continue;
      const auto note = split_note(std::string(text) + "\n" + one.line);
      if (!note || note->lines.size() != 1) continue;
      if (!verify_cosignature(text, note->lines.front(), cosigner_key(node))) {
        spdlog::warn("node {} shows no signature of ours under a tree of {} leaves", node.name,
                     size);
        continue;
      }
      lines[node.name] = one.line;
    }
  }
}

bool NodeCosigners::is_enough(const Lines& lines) const {
  const auto living = parts_.living();
  return is_majority(lines) && std::ranges::all_of(living, [&](const std::string& name) {
    return lines.contains(name);
  });
}

}  // namespace suyuan
