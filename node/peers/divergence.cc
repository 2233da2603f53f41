#include "node/peers/divergence.h"

#include <filesystem>

#include "ledger/base/text.h"
#include "ledger/os/files.h"

namespace suyuan {
namespace {

constexpr size_t kMarkBytesMax = 256 << 10;
// One pair of checkpoints is proof. A node that signs new ones every second must not fill the disk.
constexpr size_t kEvidenceOfPeer = 4;

std::string mark_path(const std::string& data) { return data + "/divergence"; }

// A node's name may contain characters that a file's name may not.
std::string file_stem(const Divergence& found) {
  return "divergence-" + to_hex(found.peer).substr(0, 64) + "-";
}

// Whether enough evidence of this peer is kept already.
bool is_kept(const std::string& data, const Divergence& found) {
  const std::string stem = file_stem(found);
  size_t kept = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(data, error)) {
    if (entry.path().filename().string().starts_with(stem)) ++kept;
  }
  return kept >= kEvidenceOfPeer;
}

std::string text_of(const Divergence& found) {
  return "node " + found.peer + " signed a tree of " + std::to_string(found.size) +
         " leaves with another root than ours\nours: " + to_base64(found.ours.view()) +
         "\n\nits checkpoint:\n" + found.checkpoint + "\nours, of this size or the newest:\n" +
         found.own_checkpoint;
}

}  // namespace

Result<Done> keep_evidence(const std::string& data, const Divergence& found) {
  const std::string text = text_of(found);
  if (!is_kept(data, found)) {
    const std::string name = file_stem(found) + std::to_string(found.size) + ".txt";
    SUYUAN_TRY_DONE(write_file(data + "/" + name, text, FileMode::shared));
  }
  if (!found.minority) return Done{};
  return write_file(mark_path(data), text, FileMode::shared);
}

Result<Done> check_no_evidence(const std::string& data) {
  const std::string path = mark_path(data);
  if (!file_exists(path)) return Done{};
  SUYUAN_TRY(text, read_file(path, kMarkBytesMax));
  return fail(Code::ROLLED_BACK,
              "this node's ledger differs from its peers': " + text.substr(0, text.find('\n')) +
                  ". Both checkpoints are in " + path +
                  ". Keep the folder as evidence; give the node a copy of the store of a node that "
                  "is right, and remove that file (docs/cluster.md)");
}

}  // namespace suyuan
