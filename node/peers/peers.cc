#include "node/peers/peers.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/base/text.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/checkpoint.h"
#include "node/pipeline/order_place.h"
#include "node/pipeline/publisher.h"

namespace suyuan {
namespace {

constexpr uint8_t kNoteVersion = 1;
// Groups kept in the log behind the slowest node, for one that comes back a little later.
constexpr uint64_t kGroupsKept = 1000;
// A few pulses.
constexpr int64_t kLivingMsMax = 5000;
// A node that said nothing new for longer, by our clock, is not waited for.
constexpr int64_t kAwayMsMax = 60 * 60 * 1000;
// Pulses without a new word after which a node's last one is no longer compared with our clock.
constexpr uint32_t kUnchangedMax = 5;
// Smaller than the lead at which other nodes hold a group (EtcdOrderOptions::ahead).
constexpr int64_t kClockAheadMsMax = 2 * 60 * 1000;
// By then a living node has shown a checkpoint, or it shows none.
constexpr int64_t kUndecidedMsMax = 5 * 60 * 1000;
constexpr size_t kErasuresKnownMax = 4096;  // one for each second of kAwayMsMax
constexpr int64_t kTimeMsMax = 253402300799999;  // as in every signed text

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
      !in.get_u64(note.position) || !in.get_string(note.checkpoint) || !in.done() ||
      note.time_ms < 0 || note.time_ms > kTimeMsMax) {
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

// All are heard before any is judged. Otherwise, at the first pulse after a start, a node's name
// would decide whether it finds itself with the majority.
void Peers::heard(const std::map<std::string, Bytes>& notes) {
  const int64_t now = parts_.clock();
  const std::vector<NamedKey> nodes = parts_.nodes();
  forget_others(nodes);
  for (const NamedKey& node : nodes) {
    const auto found = notes.find(node.name);
    if (node.name == parts_.name || found == notes.end()) continue;
    auto note = decode_peer_note(found->second);
    if (!note) continue;
    const std::scoped_lock lock(mutex_);
    PeerView& view = views_[node.name];
    const bool is_new = view.note.time_ms != note->time_ms;
    view.unchanged = is_new ? 0 : view.unchanged + 1;
    if (is_new) view.heard_ms = now;
    view.note = *std::move(note);
  }
  for (const NamedKey& node : nodes) compare(node);
  judge();
  trim();
}

// A former node is not waited for, and has no vote on what is true.
void Peers::forget_others(const std::vector<NamedKey>& nodes) {
  const auto is_gone = [&nodes](const auto& one) {
    return std::ranges::find(nodes, one.first, &NamedKey::name) == nodes.end();
  };
  std::erase_if(compared_, is_gone);
  std::erase_if(diverged_, is_gone);
  const std::scoped_lock lock(mutex_);
  std::erase_if(views_, is_gone);
}

// A root of any size can be compared, even without a checkpoint of ours at it: our tree has a root
// at each size.
void Peers::compare(const NamedKey& peer) {
  const auto views = view();
  const auto found = views.find(peer.name);
  if (found == views.end()) return;
  const std::string& note = found->second.note.checkpoint;
  if (note.empty() || compared_[peer.name] == note) return;
  const std::array keys = {NoteKey{.name = parts_.origin, .key = peer.key}};
  const auto opened = open_note(note, keys);
  const auto checkpoint = opened ? parse_checkpoint(opened->text)
                                 : Result<Checkpoint>(Unexpected(opened.error()));
  if (!checkpoint || checkpoint->origin != parts_.origin) {
    compared_[peer.name] = note;
    spdlog::warn("what node {} gives out as its checkpoint is not signed by it", peer.name);
    return;
  }
  const auto state = parts_.store.snapshot();
  const auto head = read_head(*state);
  if (!head || checkpoint->head.size > head->leaves) return;  // at a later pulse
  const TreeRows rows(*state);
  const auto root = root_of(TiledNodes(rows), checkpoint->head.size);
  if (!root) return;
  compared_[peer.name] = note;
  reported_.erase(peer.name);
  const bool agrees = *root == checkpoint->head.root;
  set_agrees(peer.name, agrees);
  if (agrees) {
    diverged_.erase(peer.name);
  } else {
    diverged_[peer.name] = divergence(peer, note, checkpoint->head.size, *root);
  }
}

void Peers::set_agrees(const std::string& peer, bool agrees) {
  const std::scoped_lock lock(mutex_);
  views_[peer].agrees = agrees;
}

Divergence Peers::divergence(const NamedKey& peer, const std::string& checkpoint, uint64_t size,
                             const Hash& ours) const {
  Divergence found{.peer = peer.name, .size = size, .ours = ours, .checkpoint = checkpoint};
  const auto own = find_checkpoint(parts_.store.latest(), size);
  if (own && *own) {
    found.own_checkpoint = **own;
  } else if (const auto newest = parts_.published.get()) {
    found.own_checkpoint = newest->checkpoint;
  }
  return found;
}

// Only compared nodes count. While we still read what others have read, or a living node has
// published nothing yet, that node may still agree with us. Evidence is kept at once, but no node
// stops.
void Peers::judge() {
  if (diverged_.empty()) return;
  size_t same = 1;
  size_t other = 0;
  bool undecided = false;
  bool unpublished = false;
  const auto head = read_head(parts_.store.latest());
  for (const auto& [name, view] : view()) {
    if (view.agrees) {
      ++(*view.agrees ? same : other);
    } else if (view.note.checkpoint.empty()) {
      unpublished = unpublished || view.unchanged <= kUnchangedMax;
    } else if (head && view.note.position > head->position) {
      undecided = true;
    }
  }
  if (!unpublished) undecided_ms_.reset();
  if (unpublished && !undecided_ms_) undecided_ms_ = parts_.clock();
  // A node that never publishes keeps nobody from stopping.
  undecided = undecided ||
              (unpublished && parts_.clock() - *undecided_ms_ < kUndecidedMsMax);
  const bool was_alone = std::exchange(is_alone_, !undecided && other >= same);
  for (auto& [name, found] : diverged_) {
    const bool is_news = reported_.insert(name).second;
    if (!is_news && (was_alone || !is_alone_)) continue;
    found.minority = is_alone_;
    spdlog::critical("node {} signed another ledger than ours: of {} leaves, root {} is ours; {} "
                     "nodes have our root, {} another",
                     name, found.size, to_base64(found.ours.view()), same, other);
    parts_.on_divergence(found);
  }
}

std::map<std::string, PeerView> Peers::view() const {
  const std::scoped_lock lock(mutex_);
  return views_;
}

// A note from before our start counts once as heard: its node may be alive.
std::set<std::string> Peers::living() const {
  std::set<std::string> names;
  const int64_t now = parts_.clock();
  for (const auto& [name, view] : view()) {
    if (now - view.heard_ms <= kLivingMsMax) names.insert(name);
  }
  return names;
}

// Log time never goes back: one group from a clock that is far ahead would set it for all,
// permanently. If this clock is not ahead of all others, it may be the right one.
Result<Done> Peers::check_clock() const {
  const int64_t now = parts_.clock();
  int64_t least_ahead = INT64_MAX;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, view] : views_) {
      if (view.unchanged > kUnchangedMax) continue;
      least_ahead = std::min(least_ahead, now - view.note.time_ms);
    }
  }
  if (least_ahead == INT64_MAX || least_ahead <= kClockAheadMsMax) return Done{};
  return fail(Code::BUSY, "this node's clock is " + std::to_string(least_ahead / 1000) +
                              " s ahead of that of every other node, so it orders nothing: correct "
                              "it or theirs. Send the same to another node");
}

// Notices keep coming, and some node always lacks the newest. So this returns the newest that all
// nodes have; 0: none known.
uint64_t Peers::erased_before(uint64_t least) {
  const uint64_t newest = read_erase_place(parts_.store.latest());
  if (newest > 0 && (erasures_.empty() || erasures_.back() < newest)) {
    if (erasures_.size() == kErasuresKnownMax) erasures_.pop_back();
    erasures_.push_back(newest);
  }
  while (erasures_.size() > 1 && erasures_[1] <= least) erasures_.pop_front();
  return !erasures_.empty() && erasures_.front() <= least ? erasures_.front() : 0;
}

void Peers::trim() {
  const auto head = read_head(parts_.store.latest());
  if (!head) return;
  uint64_t least = head->position;
  const int64_t now = parts_.clock();
  for (const auto& [name, view] : view()) {
    if (now - view.heard_ms <= kAwayMsMax) least = std::min(least, view.note.position);
  }
  uint64_t up_to = least > kGroupsKept ? least - kGroupsKept : 0;
  // A group holds its batches' sealed sections: groups before an erasure go as soon as all nodes
  // have it.
  const uint64_t erased = erased_before(least);
  if (erased > 0) up_to = std::max(up_to, erased - 1);
  if (up_to > 0) parts_.trim(up_to);
}

}  // namespace suyuan
