#include "client/behind.h"

#include <algorithm>
#include <optional>
#include <thread>

#include "ledger/proof/checkpoint.h"

namespace suyuan {
namespace {

// Returns the node whose own line, in the log's name, is under the note; nullopt if there is none,
// or several.
std::optional<size_t> giver_of(const std::string& note, const Genesis& genesis) {
  std::vector<NoteKey> keys;
  for (const NamedKey& node : genesis.nodes) {
    keys.push_back({.name = genesis.origin, .key = node.key});
  }
  const auto opened = open_note(note, keys);
  if (!opened || opened->verified.size() != 1) return std::nullopt;
  return opened->verified.front().key;
}

// Returns the key id of a line in the log's name by a key unknown here, such as that of a node that
// joined after the pinned notice. Nobody can verify it. Nullopt if there is none.
std::optional<uint32_t> stranger_of(const std::string& note, const Genesis& genesis) {
  const auto parsed = parse_note(note);
  if (!parsed || giver_of(note, genesis)) return std::nullopt;
  const uint32_t log = key_id(genesis.origin, genesis.log_key);
  for (const NoteSignature& line : parsed->signatures) {
    if (line.name == genesis.origin && line.key_id != log) return line.key_id;
  }
  return std::nullopt;
}

// They may be two nodes if one's key is unknown here and is not the other's. A ledger of one node
// has no other.
bool may_be_of_two_nodes(const std::string& one, const std::string& other,
                         const Genesis& genesis) {
  if (genesis.nodes.size() < 2) return false;
  const auto a = stranger_of(one, genesis);
  const auto b = stranger_of(other, genesis);
  if (a && b) return *a != *b;
  return (a && giver_of(other, genesis)) || (b && giver_of(one, genesis));
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
  return a && b && *a != *b;
}

Memory::Ask ask_until_not_behind(Memory::Ask ask, WaitForNode wait) {
  return [ask = std::move(ask), wait = std::move(wait)](uint64_t old_size) {
    const auto give_up = std::chrono::steady_clock::now() + wait.time;
    for (;;) {
      auto answer = ask(old_size);
      if (!answer.value || wait.before.empty()) return answer;
      const uint64_t shown = leaves_of(answer.value->note);
      if (shown == 0 || shown >= leaves_of(wait.before)) return answer;
      const bool are_two = are_of_two_nodes(wait.before, answer.value->note, wait.genesis);
      if (!are_two && !may_be_of_two_nodes(wait.before, answer.value->note, wait.genesis))
        return answer;
      if (std::chrono::steady_clock::now() >= give_up) {
        // Anyone can write a line that nobody verifies, so it is no reason to ignore what is shown.
        if (!are_two) return answer;
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
