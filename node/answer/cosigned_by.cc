#include "node/answer/cosigned_by.h"

#include <algorithm>

namespace suyuan {

NoteKey cosigner_key(const NamedKey& node) {
  return {.name = node.name, .type = NoteKeyType::cosignature, .key = node.key};
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

}  // namespace suyuan
