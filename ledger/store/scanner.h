// Scanner: reads of one table, for whoever scans it many times over. A scan's own price, which is
// several times that of a few rows, is paid once.
#pragma once

#include "ledger/store/store.h"

namespace suyuan {

class Scanner {
 public:
  virtual ~Scanner() = default;
  // As Reader::scan, ascending.
  virtual Result<Done> scan(BytesView from, BytesView to, const RowVisitor& visit) = 0;
};

// A reader that has scanners of its own.
class ScannerSource {
 public:
  virtual ~ScannerSource() = default;
  virtual std::unique_ptr<Scanner> scanner(Table table) const = 0;
};

// It goes before the reader goes, and before the state that it shows moves on. Of any reader: where
// it gains nothing it scans as the reader does.
std::unique_ptr<Scanner> scanner_of(const Reader& reader, Table table);

}  // namespace suyuan
