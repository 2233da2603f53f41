#include "node/backup/manifest.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "ledger/crypto/text_lines.h"

namespace suyuan {
namespace {

constexpr std::string_view kManifestHeader = "suyuan/backup/v1";

std::string tree_text(const TreeHead& tree) {
  return std::to_string(tree.size) + " " + to_base64(tree.root.view());
}

Result<TreeHead> tree_of(const TextLines& lines, std::string_view size, std::string_view root) {
  const auto leaves = from_decimal(size);
  if (!leaves) return lines.refuse("a size is a decimal number");
  SUYUAN_TRY(hash, lines.base64_of<Hash>(root));
  return TreeHead{.size = *leaves, .root = hash};
}

Result<ErasedInBackup> erased_of(const TextLines& lines, std::string_view rest) {
  const auto fields = split(rest, ' ');
  const auto in_files = fields.size() == 2 ? from_decimal(fields[0]) : std::nullopt;
  const auto since = fields.size() == 2 ? from_decimal(fields[1]) : std::nullopt;
  constexpr uint64_t kMost = uint64_t{1} << 62;
  if (!in_files || !since || *in_files > kMost || *since > kMost || *in_files + *since == 0)
    return lines.refuse("what is erased is two numbers, not both 0");
  return ErasedInBackup{.in_files = *in_files, .since = *since};
}

Result<BackedUpFile> file_of(const TextLines& lines, std::string_view rest) {
  const auto fields = split(rest, ' ');
  if (fields.size() != 3) return lines.refuse("a file has a hash, a size and a path");
  const auto hash = fixed_from_hex<Hash>(fields[0]);
  const auto bytes = from_decimal(fields[1]);
  if (!hash || !bytes || !is_backup_path(fields[2])) {
    return lines.refuse("a file has a hash, a size and a path inside the data folder");
  }
  return BackedUpFile{.path = std::string(fields[2]), .sum = {.sha256 = *hash, .bytes = *bytes}};
}

}  // namespace

bool is_backup_path(std::string_view path) {
  if (path.empty() || path.size() > 512) return false;
  for (const auto part : split(path, '/')) {
    const bool plain = std::ranges::all_of(part, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '.' || c == '-' || c == '_';
    });
    if (part.empty() || part == "." || part == ".." || !plain) return false;
  }
  return true;
}

const BackedUpFile* BackupManifest::find(std::string_view path) const {
  const auto found = std::ranges::lower_bound(files, path, {}, &BackedUpFile::path);
  return found != files.end() && found->path == path ? &*found : nullptr;
}

std::string write_manifest(const BackupManifest& manifest) {
  std::string text = std::string(kManifestHeader) + "\nledger " + manifest.ledger.line() +
                     "\nmade " + std::to_string(manifest.made_ms) + "\nleaves " +
                     std::to_string(manifest.leaves) + "\ncheckpoint " +
                     tree_text(manifest.checkpoint) + "\nmark " +
                     std::to_string(manifest.mark.epoch) + " " + tree_text(manifest.mark.tree) +
                     "\n";
  if (manifest.erased.all() > 0) {
    text += "erased " + std::to_string(manifest.erased.in_files) + " " +
            std::to_string(manifest.erased.since) + "\n";
  }
  for (const auto& file : manifest.files) {
    text += "file " + to_hex(file.sum.sha256.view()) + " " + std::to_string(file.sum.bytes) + " " +
            file.path + "\n";
  }
  const Hash sum = sha256(text);
  return text + "sum " + to_hex(sum.view()) + "\n";
}

Result<BackupManifest> parse_manifest(std::string_view text) {
  const size_t last = text.size() < 2 ? 0 : text.rfind('\n', text.size() - 2) + 1;
  const Hash sum = sha256(text.substr(0, last));
  if (text.substr(last) != "sum " + to_hex(sum.view()) + "\n") {
    return fail(Code::CORRUPT, "the manifest's own hash does not match it");
  }
  SUYUAN_TRY(lines, TextLines::open(text, kManifestHeader, Code::CORRUPT));
  BackupManifest manifest;
  SUYUAN_TRY(ledger, lines.take_fields("ledger", 2));
  SUYUAN_TRY(genesis, lines.base64_of<Hash>(ledger[1]));
  manifest.ledger = {.origin = std::string(ledger[0]), .genesis = genesis};
  SUYUAN_TRY(made, lines.take_time("made"));
  manifest.made_ms = made;
  SUYUAN_TRY(leaves, lines.take_decimal("leaves"));
  manifest.leaves = leaves;
  SUYUAN_TRY(checkpoint, lines.take_fields("checkpoint", 2));
  SUYUAN_TRY(head, tree_of(lines, checkpoint[0], checkpoint[1]));
  manifest.checkpoint = head;
  SUYUAN_TRY(mark, lines.take_fields("mark", 3));
  const auto epoch = from_decimal(mark[0]);
  if (!epoch) return lines.refuse("an epoch is a decimal number");
  SUYUAN_TRY(marked, tree_of(lines, mark[1], mark[2]));
  manifest.mark = {.epoch = *epoch, .tree = marked};
  SUYUAN_TRY(erased, lines.take_if("erased"));
  if (erased) {
    SUYUAN_TRY(numbers, erased_of(lines, *erased));
    manifest.erased = numbers;
  }
  for (;;) {
    SUYUAN_TRY(rest, lines.take_if("file"));
    if (!rest) break;
    SUYUAN_TRY(file, file_of(lines, *rest));
    if (!manifest.files.empty() && file.path <= manifest.files.back().path) {
      return lines.refuse("files ascend by path");
    }
    manifest.files.push_back(std::move(file));
  }
  SUYUAN_TRY_DONE(lines.take("sum"));
  SUYUAN_TRY_DONE(lines.finish());
  return manifest;
}

}  // namespace suyuan
