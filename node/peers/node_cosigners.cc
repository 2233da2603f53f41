#include "node/peers/node_cosigners.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "ledger/base/coding.h"
#include "node/answer/cosigned_by.h"

namespace suyuan {
namespace {

constexpr uint8_t kShownVersion = 1;
constexpr int kPauseDoublings = 4;

uint64_t seconds_of(int64_t ms) { return static_cast<uint64_t>(std::max<int64_t>(0, ms) / 1000); }

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

// Ours is shown before we wait for anyone: the others wait for it too.
std::string NodeCosigners::cosign(const CosignRequest& request) {
  const auto note = split_note(request.checkpoint);
  SUYUAN_CHECK(note);  // written by us
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

  Round round{.text = note->text,
              .size = request.tree.size,
              .nodes = parts_.nodes(request.tree.size - 1)};
  if (std::ranges::find(round.nodes, key.name, &NamedKey::name) != round.nodes.end())
    round.lines[key.name] = own;
  if (shown) {
    take(*shown, round);
    if (!is_enough(round)) collect(round);
  }
  std::string all;
  for (const auto& [name, line] : round.lines) all += line;
  return all + outside;
}

void NodeCosigners::collect(Round& round) const {
  auto give_up = std::chrono::steady_clock::now() + limits_.all;
  bool hurried = false;
  for (int look = 0; std::chrono::steady_clock::now() < give_up; ++look) {
    std::this_thread::sleep_for(limits_.pause * (1 << std::min(look, kPauseDoublings)));
    const auto shown = parts_.show(std::nullopt);
    if (!shown) return;  // the log does not answer: done with the next checkpoint
    take(*shown, round);
    if (is_enough(round)) return;
    if (round.has_majority() && !std::exchange(hurried, true)) {
      give_up = std::min(give_up, std::chrono::steady_clock::now() + limits_.others);
    }
  }
}

// Takes only lines that verify: one that does not would spoil the note for everyone who knows the
// key.
void NodeCosigners::take(const std::map<std::string, Bytes>& shown, Round& round) const {
  for (const NamedKey& node : round.nodes) {
    const auto found = shown.find(node.name);
    if (found == shown.end() || round.lines.contains(node.name)) continue;
    const auto decoded = decode_shown(found->second);
    if (!decoded) continue;
    for (const ShownLine& one : *decoded) {
      if (one.size != round.size) continue;
      const auto note = split_note(round.text + "\n" + one.line);
      if (!note || note->lines.size() != 1) continue;
      if (!verify_cosignature(round.text, note->lines.front(), cosigner_key(node))) {
        spdlog::warn("node {} shows no signature of ours under a tree of {} leaves", node.name,
                     round.size);
        continue;
      }
      round.lines[node.name] = one.line;
    }
  }
}

// Every node of that tree that is alive must have signed.
bool NodeCosigners::is_enough(const Round& round) const {
  const auto living = parts_.living();
  return round.has_majority() && std::ranges::all_of(round.nodes, [&](const NamedKey& node) {
    return !living.contains(node.name) || round.lines.contains(node.name);
  });
}

}  // namespace suyuan
