// Manifests of backups: what is read is written to the same bytes. Each input is read as it is, and
// with the right hash of itself, so that mutations get past that.
#include "ledger/base/text.h"
#include "ledger/crypto/hash.h"
#include "node/backup/manifest.h"
#include "tests/fuzz/fuzz.h"

namespace {

void read_manifest(std::string_view text) {
  const auto manifest = suyuan::parse_manifest(text);
  if (!manifest) return;
  SUYUAN_CHECK(suyuan::write_manifest(*manifest) == text);
  for (const auto& file : manifest->files) SUYUAN_CHECK(manifest->find(file.path) == &file);
}

}  // namespace

std::vector<std::string> suyuan::fuzz::seeds() {
  const Hash hash = sha256("a file");
  BackupManifest manifest{
      .ledger = {.origin = "ledger.example/test", .genesis = sha256("genesis")},
      .made_ms = 1'780'000'000'000,
      .leaves = 20,
      .checkpoint = {.size = 18, .root = sha256("root")},
      .mark = {.epoch = 3, .tree = {.size = 19, .root = sha256("marked")}},
      .erased = {},
      .files = {{.path = "genesis", .sum = {.sha256 = hash, .bytes = 6}},
                {.path = "store/000012.sst", .sum = {.sha256 = hash, .bytes = 1 << 20}}}};
  std::vector<std::string> all = {write_manifest(manifest)};
  manifest.erased = {.in_files = 1, .since = 2};
  all.push_back(write_manifest(manifest));
  manifest.files.clear();
  all.push_back(write_manifest(manifest));
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  (void)is_backup_path(text);
  read_manifest(text);
  const size_t sum = text.rfind("sum ");
  if (sum == std::string_view::npos) return 0;
  const auto lines = text.substr(0, sum);
  read_manifest(std::string(lines) + "sum " + to_hex(sha256(lines).view()) + "\n");
  return 0;
}
