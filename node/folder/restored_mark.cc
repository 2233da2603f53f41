#include "node/folder/restored_mark.h"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/crypto/text_lines.h"
#include "ledger/os/files.h"
#include "ledger/proof/checkpoint.h"

namespace suyuan {
namespace {

constexpr std::string_view kRestoredHeader = "suyuan/restored/v1";
constexpr size_t kRestoredBytesMax = 256;
constexpr const char* kOlderCopy =
    ": it is an older copy, and a node that continued from it would sign a second history. Bring "
    "it up to the newest (suyuan-node restore --log, from what others kept of the log); see "
    "docs/backup.md, Restore. What a witness says here is not signed: if you know that it "
    "is wrong, remove it from the policy, or say --nothing-newer-was-signed once";

// Returns the store's newest checkpoint with only the log's own line; empty if none was published.
Result<std::string> newest_note(const Reader& store, TreeHead& tree) {
  SUYUAN_TRY(sizes, checkpoint_sizes(store));
  if (sizes.empty()) return std::string();
  SUYUAN_TRY(note, find_checkpoint(store, sizes.back()));
  SUYUAN_TRY(split, split_note(note.value_or("")));
  SUYUAN_TRY(checkpoint, parse_checkpoint(split.text));
  tree = checkpoint.head;
  const size_t first_line = note->find("\n\n") + 2;
  return note->substr(0, note->find('\n', first_line) + 1);
}

// Returns nullopt if there is nobody to ask, or nothing to ask about.
Result<std::optional<std::vector<WitnessHeard>>> ask_witnesses(const NewestQuestion& question) {
  TreeHead tree;
  SUYUAN_TRY(note, newest_note(question.store, tree));
  if (question.witnesses == nullptr || note.empty())
    return std::optional<std::vector<WitnessHeard>>();
  return std::optional(
      question.witnesses->ask({.checkpoint = note, .tree = tree, .state = question.store}));
}

std::string word_of(const WitnessHeard& heard, uint64_t leaves) {
  return "witness " + heard.witness + " " +
         (heard.contradicts ? std::string("knows a tree other than this store's")
                            : "has cosigned " + std::to_string(heard.size) +
                                  " leaves, this store ends at " + std::to_string(leaves));
}

// The operator's word overrides unsigned statements.
Result<Done> judge_word(const NewestQuestion& question, const std::string& what) {
  if (!question.word_given) return fail(Code::ROLLED_BACK, what + kOlderCopy);
  spdlog::warn("{}; its operator says that nothing newer was signed: if that is wrong, the ledger "
               "has two histories now", what);
  return Done{};
}

}  // namespace

Result<Done> write_restored_mark(const DataFolder& folder, uint64_t leaves) {
  return write_file(folder.restored(),
                    std::string(kRestoredHeader) + "\nleaves " + std::to_string(leaves) + "\n",
                    FileMode::secret);
}

Result<bool> is_restored(const DataFolder& folder) {
  if (!file_exists(folder.restored())) return false;
  SUYUAN_TRY(text, read_file(folder.restored(), kRestoredBytesMax));
  SUYUAN_TRY(lines, TextLines::open(text, kRestoredHeader, Code::CORRUPT));
  SUYUAN_TRY_DONE(lines.take_decimal("leaves"));
  SUYUAN_TRY_DONE(lines.finish());
  return true;
}

Result<Done> end_restored_mark(const DataFolder& folder) {
  if (!file_exists(folder.restored())) return Done{};
  std::error_code error;
  std::filesystem::remove(folder.restored(), error);
  if (error) return fail(Code::IO, "cannot remove " + folder.restored() + ": " + error.message());
  return sync_folder(folder.path);
}

Result<Done> check_newest(const NewestQuestion& question) {
  SUYUAN_TRY(marked, is_restored(question.folder));
  if (marked && question.word_given) {
    spdlog::warn("this folder was restored, and its operator says that nothing newer was signed: "
                 "if that is wrong, the ledger has two histories now");
    return end_restored_mark(question.folder);
  }
  if (marked && question.nodes > 1) {
    return fail(Code::INVALID_FIELD,
                "this folder was restored, and its ledger has " + std::to_string(question.nodes) +
                    " nodes, which may continue it: serve it with --order etcd if they share "
                    "its log; if no other node serves it any longer, say "
                    "--nothing-newer-was-signed once",
                "--order");
  }
  SUYUAN_TRY(all, ask_witnesses(question));
  if (!all) {
    if (!marked) return Done{};
    return fail(Code::UNAVAILABLE,
                "this folder was restored, and there is nobody to ask whether its ledger continued "
                "after the backup: name witnesses (--policy), or, if you know that nothing "
                "newer was signed, say --nothing-newer-was-signed once");
  }
  SUYUAN_TRY(head, read_head(question.store));
  std::string silent;
  for (const auto& heard : *all) {
    if (heard.contradicts || heard.size > head.leaves) {
      SUYUAN_TRY_DONE(judge_word(question, word_of(heard, head.leaves)));
      continue;
    }
    if (heard.answered) continue;
    silent += (silent.empty() ? "" : "; ") + heard.witness + ": " + heard.failure;
  }
  if (!marked) return Done{};
  if (!silent.empty()) {
    return fail(Code::UNAVAILABLE,
                "this folder was restored, and whether its ledger continued after the backup is "
                "not known until every witness has answered (" + silent + "). Start again once "
                "they do, or remove those that are gone for good from the policy");
  }
  spdlog::info("restored: no witness knows more than the {} leaves of this store", head.leaves);
  return end_restored_mark(question.folder);
}

Result<WitnessedSize> ask_how_far(const NewestQuestion& question) {
  WitnessedSize witnessed;
  SUYUAN_TRY(all, ask_witnesses(question));
  if (!all) return witnessed;
  SUYUAN_TRY(head, read_head(question.store));
  for (const auto& heard : *all) {
    if (heard.contradicts) SUYUAN_TRY_DONE(judge_word(question, word_of(heard, head.leaves)));
    witnessed.all_answered = witnessed.all_answered && (heard.answered || question.word_given);
    if (question.word_given || heard.size <= witnessed.leaves) continue;
    witnessed.leaves = heard.size;
    witnessed.witness = heard.witness;
  }
  return witnessed;
}

Result<Done> check_reached(const WitnessedSize& witnessed, uint64_t leaves) {
  if (witnessed.leaves <= leaves) return Done{};
  return fail(Code::ROLLED_BACK,
              "witness " + witnessed.witness + " has cosigned " +
                  std::to_string(witnessed.leaves) + " leaves, the shared log ends at " +
                  std::to_string(leaves) +
                  ": it is an older copy, or was made from an older store, and a node that "
                  "continued from there would sign a second history. Serve a node that has more, "
                  "or agree with the others where it continues (suyuan-node recover, "
                  "docs/cluster.md). What a witness says here is not signed: if you know that it "
                  "is wrong, remove it from the policy, or say --nothing-newer-was-signed");
}

}  // namespace suyuan
