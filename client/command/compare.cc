// suyuan compare: verifies that several nodes show one ledger.
#include <algorithm>

#include "client/command/command.h"
#include "client/http_log.h"
#include "ledger/merkle/nodes.h"
#include "ledger/merkle/proof.h"
#include "ledger/proof/tiles.h"
#include "proto/json/fields.h"

namespace suyuan {
namespace {

constexpr size_t kUrlsMin = 2;  // one node agrees with itself
constexpr size_t kUrlsMax = 64;

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

Error at_url(const std::string& url, Error error) {
  error.message = url + ": " + error.message;
  return error;
}

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
    flag_field(out, "same", true);
    objects_field(out, "nodes", logs, [](JsonWriter& inner, const ShownLog& one) {
      inner.field("url", one.url);
      number_field(inner, "size", one.head.size);
      inner.field("root", to_base64(one.head.root.view()));
    });
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

// Verifies that the newer log is signed and begins with the older one. The messages of check_shown
// are about one node and this client; two nodes are compared here, and either may be wrong.
ExitCode check_pair(const Shell& shell, const ShownLog* older, const ShownLog& newer,
                    const Policy& policy) {
  const auto proof = proof_beside(older == nullptr ? newer : *older, newer);
  if (!proof) return shell.fail_away({at_url(newer.url, proof.error())});
  const auto same = check_shown(older == nullptr ? std::string() : older->note, *proof, policy);
  if (same) return ExitCode::ok;
  MemoryRefusal refusal = same.error();
  if (refusal.evidence) {
    refusal.error.message = shell.say(
        Say::compare_fork, {newer.url, std::to_string(newer.head.size), older->url,
                            std::to_string(older->head.size)});
  } else {
    refusal.error = at_url(newer.url, std::move(refusal.error));
  }
  return shell.fail_memory(refusal);
}

// Every node is asked before one that does not answer ends the command: the others may show two
// trees, and that is worse.
ExitCode run_compare(Shell& shell, const CompareCommand& options) {
  if (options.urls.size() < kUrlsMin || options.urls.size() > kUrlsMax) {
    return shell.fail_local({.code = Code::INVALID_FIELD,
                             .message = "compare takes the addresses of 2 to " +
                                        std::to_string(kUrlsMax) + " nodes; given: " +
                                        std::to_string(options.urls.size()),
                             .field = "url"});
  }
  auto pinned = shell.pinned();
  if (!pinned) return pinned.error();
  const Policy policy = policy_of_log(pinned->genesis.origin, pinned->genesis.log_key);
  std::vector<ShownLog> logs;
  Errors away;
  for (const auto& url : options.urls) {
    auto one = look_at(url, shell.options.ca);
    if (one) {
      logs.push_back(*std::move(one));
      continue;
    }
    Error error = at_url(url, std::move(one).error());
    if (error.code == Code::INVALID_FIELD) return shell.fail_local(error);
    // NOT_FOUND: nothing is published there yet
    if (error.code != Code::UNAVAILABLE && error.code != Code::NOT_FOUND)
      return shell.fail_verification(error);
    away.push_back(std::move(error));
  }
  std::ranges::stable_sort(logs, {}, [](const ShownLog& one) { return one.head.size; });
  // Each extends the previous one, so any of them extends all smaller ones.
  for (size_t i = 0; i < logs.size(); ++i) {
    const auto code = check_pair(shell, i == 0 ? nullptr : &logs[i - 1], logs[i], policy);
    if (code != ExitCode::ok) return code;
  }
  if (!away.empty()) return shell.fail_away(away);
  print_compared(shell, logs);
  return ExitCode::ok;
}

}  // namespace

void add_compare(CLI::App& app, Shell& shell) {
  add_command<CompareCommand>(app, shell, "compare", Help::compare, declare_compare, run_compare);
}

}  // namespace suyuan
