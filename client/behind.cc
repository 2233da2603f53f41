#include "client/behind.h"

#include <algorithm>
#include <optional>
#include <thread>

#include "ledger/proof/checkpoint.h"

namespace suyuan {
namespace {

// The node whose own line, in the log's name, stands under the note; nullopt: none, or several.
std::optional<size_t> giver_of(const std::string& note, const Genesis& genesis) {
  std::vector<NoteKey> keys;
  for (const NamedKey& node : genesis.nodes) {
    keys.push_back({.name = genesis.origin, .key = node.key});
  }
  const auto opened = open_note(note, keys);
  if (!opened || opened->verified.size() != 1) return std::nullopt;
  return opened->verified.front().key;
}

// Beside the log's own line stands one in its name by a key that is none of the nodes' known here:
// a node that joined since the notice that is pinned, or one that was taken out before it.
bool is_of_unknown_node(const std::string& note, const Genesis& genesis) {
  const auto opened = parse_note(note);
  if (!opened) return false;
  return std::ranges::any_of(opened->signatures, [&](const NoteSignature& line) {
    const auto is_by = [&](const PublicKey& key) {
      return line.key_id == key_id(genesis.origin, key);
    };
    return line.name == genesis.origin && !is_by(genesis.log_key) &&
           std::ranges::none_of(genesis.nodes, is_by, &NamedKey::key);
  });
}

uint64_t leaves_of(const std::string& note) {
  const auto split = split_note(note);
  const auto checkpoint = split ? parse_checkpoint(split->text)
                                : Result<Checkpoint>(Unexpected(split.error()));
  return checkpoint ? checkpoint->head.size : 0;
}

}  // namespace

bool are_of_two_nodes(const std::string& one, const std::string& other, const Genesis& genesis) {
  const auto a = giver_of(one, genesis);
  const auto b = giver_of(other, genesis);
  if (a && b) return *a != *b;
  return (!a && is_of_unknown_node(one, genesis)) || (!b && is_of_unknown_node(other, genesis));
}

Memory::Ask ask_until_not_behind(Memory::Ask ask, WaitForNode wait) {
  return [ask = std::move(ask), wait = std::move(wait)](uint64_t old_size) {
    const auto give_up = std::chrono::steady_clock::now() + wait.time;
    for (;;) {
      auto answer = ask(old_size);
      if (!answer.value || wait.before.empty()) return answer;
      const uint64_t shown = leaves_of(answer.value->note);
      if (shown == 0 || shown >= leaves_of(wait.before) ||
          !are_of_two_nodes(wait.before, answer.value->note, wait.genesis)) {
        return answer;
      }
      if (std::chrono::steady_clock::now() >= give_up) {
        answer.value = fail(Code::BUSY, "this node has published " + std::to_string(shown) +
                                            " leaves, and another showed this client " +
                                            std::to_string(leaves_of(wait.before)) +
                                            ": it is behind. Ask later, or another node");
        return answer;
      }
      std::this_thread::sleep_for(wait.pause);
    }
  };
}

}  // namespace suyuan
