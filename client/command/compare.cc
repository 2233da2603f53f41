// suyuan compare: verifies that several nodes show one ledger.
#include <algorithm>

#include "client/command/command.h"
#include "client/http_log.h"
#include "ledger/merkle/nodes.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/tiles.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

struct CompareCommand {
  std::vector<std::string> urls;
};

void declare_compare(CLI::App& command, CompareCommand& options, const Shell& shell) {
  command.add_option("url", options.urls, help(Help::compare_url, shell.lang))->required();
}

// The hashes of a served tree of `size` leaves. What they prove is verified, so they need no trust.
class ServedTree final : public StoredHashes {
 public:
  ServedTree(LogSource& log, uint64_t size) : log_(log), size_(size) {}
  Result<std::vector<Hash>> range(unsigned level, uint64_t first, size_t count) const override {
    const unsigned tile_level = level / kTileHeight;
    Tile tile{.level = tile_level, .index = first / kTileWidth};
    tile.width = tile_width(size_, tile_level, tile.index);
    const size_t begin = first % kTileWidth;
    if (begin + count > tile.width) return fail(Code::NOT_FOUND, "the tree has fewer leaves");
    SUYUAN_TRY(bytes, log_.read(write_tile_path(tile)));
    SUYUAN_TRY(hashes, decode_tile(bytes, tile.width));
    const auto from = hashes.begin() + static_cast<ptrdiff_t>(begin);
    return std::vector<Hash>(from, from + static_cast<ptrdiff_t>(count));
  }

 private:
  LogSource& log_;
  const uint64_t size_;
};

struct ShownLog {
  std::string url;
  std::unique_ptr<HttpLog> log;
  std::string note;
  TreeHead head;
};

// Not verified yet: check_shown verifies each against the next.
Result<ShownLog> look_at(const std::string& url, const std::string& ca) {
  std::string base = url;
  while (base.ends_with('/')) base.pop_back();
  if (!base.ends_with("/log")) base += "/log";
  ShownLog shown{.url = url, .log = nullptr, .note = {}, .head = {}};
  SUYUAN_TRY(log, HttpLog::open(base, ca));
  shown.log = std::move(log);
  SUYUAN_TRY(note, shown.log->read("checkpoint"));
  shown.note = std::move(note);
  SUYUAN_TRY(split, split_note(shown.note));
  SUYUAN_TRY(checkpoint, parse_checkpoint(split.text));
  shown.head = checkpoint.head;
  return shown;
}

Result<CheckpointProof> proof_beside(const ShownLog& older, const ShownLog& newer) {
  CheckpointProof proof{.note = newer.note, .path = {}};
  if (older.head.size == newer.head.size) return proof;
  const ServedTree tree(*newer.log, newer.head.size);
  SUYUAN_TRY(path, consistency_proof(TiledNodes(tree), older.head.size, newer.head.size));
  proof.path = std::move(path);
  return proof;
}

void print_compared(const Shell& shell, const std::vector<ShownLog>& logs) {
  if (shell.options.json) {
    JsonWriter out;
    out.begin_object();
    out.key("nodes");
    out.begin_array();
    for (const auto& one : logs) {
      out.begin_object();
      out.field("url", one.url);
      out.key("size");
      out.number(one.head.size);
      out.field("root", to_base64(one.head.root.view()));
      out.end_object();
    }
    out.end_array();
    out.end_object();
    return shell.print_line(out.str());
  }
  Paper paper(shell.style());
  for (const auto& one : logs) {
    paper.line(shown(one.url) + "  " + std::to_string(one.head.size) + "  " +
               to_base64(one.head.root.view()));
  }
  paper.line(paper.say(Say::compare_same, {std::to_string(logs.size())}));
  shell.print(paper.take());
}

ExitCode run_compare(Shell& shell, const CompareCommand& options) {
  auto pinned = shell.pinned();
  if (!pinned) return pinned.error();
  const Policy policy = policy_of_log(pinned->genesis.origin, pinned->genesis.log_key);
  std::vector<ShownLog> logs;
  for (const auto& url : options.urls) {
    auto one = look_at(url, shell.options.ca);
    if (!one) {
      Error error = std::move(one).error();
      error.message = url + ": " + error.message;
      return error.code == Code::INVALID_FIELD ? shell.fail_local(error) : shell.fail_answer(error);
    }
    logs.push_back(*std::move(one));
  }
  std::ranges::stable_sort(logs, {}, [](const ShownLog& one) { return one.head.size; });
  // Each extends the previous one, so any of them extends all smaller ones.
  std::string before;
  for (size_t i = 0; i < logs.size(); ++i) {
    const auto proof = proof_beside(logs[i == 0 ? 0 : i - 1], logs[i]);
    if (!proof) return shell.fail_answer(proof.error());
    if (auto same = check_shown(before, *proof, policy); !same) {
      MemoryRefusal refusal = std::move(same).error();
      refusal.error.message = logs[i].url + ": " + refusal.error.message;
      return shell.fail_memory(refusal);
    }
    before = logs[i].note;
  }
  print_compared(shell, logs);
  return ExitCode::ok;
}

}  // namespace

void add_compare(CLI::App& app, Shell& shell) {
  add_command<CompareCommand>(app, shell, "compare", Help::compare, declare_compare, run_compare);
}

}  // namespace suyuan
