#include "node/peers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/checkpoint.h"
#include "node/publisher.h"

namespace suyuan {
namespace {

constexpr uint8_t kNoteVersion = 1;
// Groups that stay in the log behind the slowest node, for one that comes back a little later.
constexpr uint64_t kGroupsKept = 1000;
// A few pulses.
constexpr int64_t kLivingMsMax = 5000;
// A node that was not heard for longer is not waited for.
constexpr int64_t kAwayMsMax = 60 * 60 * 1000;

}  // namespace

Bytes encode_peer_note(const PeerNote& note) {
  Bytes out;
  put_u8(out, kNoteVersion);
  put_i64(out, note.time_ms);
  put_u64(out, note.position);
  put_string(out, note.checkpoint);
  return out;
}

Result<PeerNote> decode_peer_note(BytesView bytes) {
  Decoder in(bytes);
  PeerNote note;
  uint8_t version = 0;
  if (!in.get_u8(version) || version != kNoteVersion || !in.get_i64(note.time_ms) ||
      !in.get_u64(note.position) || !in.get_string(note.checkpoint) || !in.done()) {
    return fail(Code::CORRUPT, "a node's note in the ordered log cannot be read");
  }
  return note;
}

Bytes Peers::note() const {
  PeerNote note{.time_ms = parts_.clock()};
  if (const auto head = read_head(parts_.store.latest())) note.position = head->position;
  if (const auto newest = parts_.published.get()) note.checkpoint = newest->checkpoint;
  return encode_peer_note(note);
}

void Peers::heard(const std::map<std::string, Bytes>& notes) {
  for (const NamedKey& node : genesis_.nodes) {
    const auto found = notes.find(node.name);
    if (node.name == parts_.name || found == notes.end()) continue;
    const auto note = decode_peer_note(found->second);
    if (!note) continue;
    {
      const std::scoped_lock lock(mutex_);
      PeerView& view = views_[node.name];
      if (view.note.time_ms != note->time_ms) view.heard_ms = parts_.clock();
      view.note = *note;
    }
    compare(node, *note);
  }
  trim();
}

// Of another size than any of ours its root can be told too: our tree has one at each size.
void Peers::compare(const NamedKey& peer, const PeerNote& note) {
  if (note.checkpoint.empty() || compared_[peer.name] == note.checkpoint) return;
  const std::array keys = {NoteKey{.name = genesis_.origin, .key = peer.key}};
  const auto opened = open_note(note.checkpoint, keys);
  const auto checkpoint = opened ? parse_checkpoint(opened->text)
                                 : Result<Checkpoint>(Unexpected(opened.error()));
  if (!checkpoint || checkpoint->origin != genesis_.origin) {
    compared_[peer.name] = note.checkpoint;
    spdlog::warn("what node {} gives out as its checkpoint is not signed by it", peer.name);
    return;
  }
  const auto state = parts_.store.snapshot();
  const auto head = read_head(*state);
  if (!head || checkpoint->head.size > head->leaves) return;  // with a later pulse
  const TreeRows rows(*state);
  const auto root = root_of(TiledNodes(rows), checkpoint->head.size);
  if (!root) return;
  compared_[peer.name] = note.checkpoint;
  const bool agrees = *root == checkpoint->head.root;
  {
    const std::scoped_lock lock(mutex_);
    views_[peer.name].agrees = agrees;
  }
  if (!agrees) diverged(peer, note.checkpoint, checkpoint->head.size, *root);
}

void Peers::diverged(const NamedKey& peer, const std::string& checkpoint, uint64_t size,
                     const Hash& ours) {
  Divergence found{.peer = peer.name, .size = size, .ours = ours, .checkpoint = checkpoint};
  size_t same = 1;
  size_t other = 0;
  for (const auto& [name, view] : view()) ++(view.agrees ? same : other);
  found.minority = other >= same;
  const auto own = find_checkpoint(parts_.store.latest(), size);
  if (own && *own) {
    found.own_checkpoint = **own;
  } else if (const auto newest = parts_.published.get()) {
    found.own_checkpoint = newest->checkpoint;
  }
  spdlog::critical("node {} signed another ledger than ours: of {} leaves, root {} is ours; {} "
                   "nodes have our root, {} another",
                   peer.name, size, to_base64(ours.view()), same, other);
  parts_.on_divergence(found);
}

std::map<std::string, PeerView> Peers::view() const {
  const std::scoped_lock lock(mutex_);
  return views_;
}

// A note that stands there from before our start counts once as heard: it may be of a living node.
std::set<std::string> Peers::living() const {
  std::set<std::string> names;
  const int64_t now = parts_.clock();
  for (const auto& [name, view] : view()) {
    if (now - view.heard_ms <= kLivingMsMax) names.insert(name);
  }
  return names;
}

void Peers::trim() const {
  const auto head = read_head(parts_.store.latest());
  if (!head) return;
  uint64_t least = head->position;
  const int64_t now = parts_.clock();
  for (const auto& [name, view] : view()) {
    if (now - view.note.time_ms <= kAwayMsMax) least = std::min(least, view.note.position);
  }
  if (least > kGroupsKept) parts_.trim(least - kGroupsKept);
}

}  // namespace suyuan
