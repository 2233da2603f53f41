// MemoryStore: the store interface without a disk, for tests and simulation. Not thread-safe.
#pragma once

#include <array>
#include <map>

#include "ledger/store/store.h"

namespace suyuan {

class MemoryStore final : public Store {
 public:
  using Rows = std::map<Bytes, Bytes, std::less<>>;
  // Shared with the snapshots that see it; copied before a write while a snapshot exists.
  using Tables = std::array<std::shared_ptr<Rows>, kTableCount>;

  MemoryStore();
  std::unique_ptr<Reader> snapshot() const override;
  const Reader& latest() const override { return *latest_; }
  Result<Done> commit(const Changes& changes) override;

  // Simulates a disk fault: the next commit returns IO, later ones READ_ONLY. Its rows are lost, or
  // stored nevertheless, as after a sync that failed late.
  enum class Outcome : uint8_t { lost, stored };
  void fail_next_commit(Outcome outcome) { fault_ = outcome; }
  // Accepts commits again, as a restart of the program does.
  void reopen() { read_only_ = false; }

 private:
  void write(const Changes& changes);

  std::shared_ptr<Tables> tables_;
  std::unique_ptr<Reader> latest_;
  std::optional<Outcome> fault_;
  bool read_only_ = false;
};

}  // namespace suyuan
