// Keeps the rows of an audit that do not fit in memory in temporary files, which are removed with
// it. Reads go through the page cache, which the system reclaims when memory is short.
#pragma once

#include <map>
#include <string>

#include "ledger/proof/audit_rows.h"

namespace suyuan {

class FileShelf final : public RowShelf {
 public:
  FileShelf() = default;
  ~FileShelf() override;
  FileShelf(const FileShelf&) = delete;
  FileShelf& operator=(const FileShelf&) = delete;

  Result<BytesView> keep(const std::string& name, const Write& write) override;

 private:
  struct Mapping {
    void* address = nullptr;
    size_t bytes = 0;
  };
  std::map<std::string, Mapping> kept_;
};

}  // namespace suyuan
