// A database that others would keep such a ledger in, given the same rows: tables whose columns are
// all bytes, the first of them the primary key.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace suyuan::bench {

struct PeerTable {
  std::string name;
  std::vector<std::string> columns;
  size_t keys = 1;  // the first columns
};
using PeerRow = std::vector<std::string>;  // one value for each column

// Ends the program where the database refuses something.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void make_table(const PeerTable& table) = 0;
  virtual void begin() = 0;
  // Rows of different keys; a row that is there already gets the new values.
  virtual void put(const PeerTable& table, const std::vector<PeerRow>& rows) = 0;
  virtual void remove(const PeerTable& table, const std::vector<std::string>& keys) = 0;
  virtual void commit() = 0;  // on disk when it returns
  // After a large load: what the database's planner wants to know.
  virtual void analyze() = 0;
  // The query's rows, all columns read; `key` is its one parameter, written as ?1 or $1.
  virtual size_t count_rows(const std::string& query, std::string_view key) = 0;
  // How the parameter is written.
  virtual std::string parameter() const = 0;
};

std::unique_ptr<Peer> make_sqlite(const std::string& folder);
// `where`: libpq's words for a connection, of a cluster that is ours alone.
std::unique_ptr<Peer> make_postgres(const std::string& where);

}  // namespace suyuan::bench
