#include "client/audit/state_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "ledger/proof/audit_state.h"

namespace suyuan {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

Unexpected<Error> no_access(const std::string& path) {
  return fail(errno == ENOENT ? Code::NOT_FOUND : Code::IO, path + ": " + std::strerror(errno));
}

// Returns the file's length without its hash, if that is the hash of the rest.
Result<uint64_t> check_whole(std::FILE* file, const std::string& path) {
  const auto damaged = [&] {
    return fail(Code::CORRUPT, path + " is not a saved audit, or is damaged: remove it, and audit "
                                      "from the beginning");
  };
  std::error_code error;
  const uint64_t size = std::filesystem::file_size(path, error);
  if (error) return fail(Code::IO, path + ": " + error.message());
  if (size < Hash::kSize) return damaged();
  Sha256 hash;
  Bytes chunk;
  for (uint64_t left = size - Hash::kSize; left > 0; left -= chunk.size()) {
    chunk.resize(std::min<uint64_t>(left, kAuditStateReadMax));
    if (std::fread(chunk.data(), 1, chunk.size(), file) != chunk.size()) return no_access(path);
    hash.update(chunk);
  }
  chunk.resize(Hash::kSize);
  if (std::fread(chunk.data(), 1, chunk.size(), file) != chunk.size()) return no_access(path);
  if (hash.finish() != Hash::from(chunk)) return damaged();
  std::rewind(file);
  return size - Hash::kSize;
}

}  // namespace

Result<Done> save_audit(const std::string& path, const std::string& checkpoint,
                        const AuditReplay& replay) {
  const std::string beside = path + ".new";
  File file(std::fopen(beside.c_str(), "wb"));
  if (file == nullptr) return no_access(beside);
  Sha256 hash;
  const AuditState::Write write = [&](BytesView bytes) -> Result<Done> {
    hash.update(bytes);
    if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size()) return Done{};
    return no_access(beside);
  };
  Bytes head;
  put_u64(head, checkpoint.size());
  head += checkpoint;
  SUYUAN_TRY_DONE(write(head));
  SUYUAN_TRY_DONE(AuditState::save(replay, write));
  SUYUAN_TRY_DONE(write(hash.finish().view()));
  // Not synced: the hash detects a file that a power cut tore, which only costs time.
  if (std::fclose(file.release()) != 0) return no_access(beside);
  if (std::rename(beside.c_str(), path.c_str()) != 0) return no_access(path);
  return Done{};
}

Result<SavedAudit> load_audit(const std::string& path, const AuditMemory& memory) {
  const File file(std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return no_access(path);
  SUYUAN_TRY(size, check_whole(file.get(), path));
  uint64_t left = size;
  const AuditState::Read read = [&](size_t count) -> Result<Bytes> {
    if (count > left) return fail(Code::CORRUPT, path + " ends too soon");
    Bytes bytes(count, '\0');
    if (std::fread(bytes.data(), 1, count, file.get()) != count) return no_access(path);
    left -= count;
    return bytes;
  };
  SUYUAN_TRY(length_bytes, read(sizeof(uint64_t)));
  uint64_t length = 0;
  Decoder(length_bytes).get_u64(length);
  SUYUAN_TRY(checkpoint, read(std::min<uint64_t>(length, left)));
  SUYUAN_TRY(replay, AuditState::load(read, memory));
  if (left != 0) return fail(Code::CORRUPT, path + " has bytes after its end");
  return SavedAudit{.checkpoint = std::move(checkpoint), .replay = std::move(replay)};
}

}  // namespace suyuan
