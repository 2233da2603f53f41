// Scanner: for repeated scans of one table. It pays the set-up of a scan once; that costs several
// times as much as reading a few rows.
#pragma once

#include "ledger/store/store.h"

namespace suyuan {

class Scanner {
 public:
  virtual ~Scanner() = default;
  // As Reader::scan, ascending.
  virtual Result<Done> scan(BytesView from, BytesView to, const RowVisitor& visit) = 0;
};

// Whether rows are likely to be read again. Those read once do not take the place of others in the
// store's cache.
enum class Rereads : uint8_t { likely, unlikely };

// A reader that provides its own scanners.
class ScannerSource {
 public:
  virtual ~ScannerSource() = default;
  virtual std::unique_ptr<Scanner> scanner(Table table, Rereads rereads) const = 0;
};

// Returns a scanner. It must be destroyed before `reader`, and before the state that the reader
// shows changes. Works with any reader; without a ScannerSource it scans as the reader does.
std::unique_ptr<Scanner> scanner_of(const Reader& reader, Table table,
                                    Rereads rereads = Rereads::likely);

}  // namespace suyuan
