// Another database that could hold such a ledger, given the same rows: tables of byte columns, of
// which the first ones are the primary key.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace suyuan::bench {

struct PeerTable {
  std::string name;
  std::vector<std::string> columns;
  size_t keys = 1;  // number of leading key columns
};
using PeerRow = std::vector<std::string>;  // one value for each column

// Exits the program if the database refuses something.
class Peer {
 public:
  virtual ~Peer() = default;
  virtual void make_table(const PeerTable& table) = 0;
  virtual void begin() = 0;
  // Writes rows of different keys. An existing row gets the new values.
  virtual void put(const PeerTable& table, const std::vector<PeerRow>& rows) = 0;
  virtual void remove(const PeerTable& table, const std::vector<std::string>& keys) = 0;
  virtual void commit() = 0;  // on disk when it returns
  // Called after a large load: updates the statistics of the database's planner.
  virtual void analyze() = 0;
  // Runs the query and reads all columns; returns the number of rows. `key` is its one parameter,
  // written as ?1 or $1.
  virtual size_t count_rows(const std::string& query, std::string_view key) = 0;
  // Returns how the parameter is written.
  virtual std::string parameter() const = 0;
};

std::unique_ptr<Peer> make_sqlite(const std::string& folder);
// `where`: libpq's connection string of a cluster used only by this program.
std::unique_ptr<Peer> make_postgres(const std::string& where);

}  // namespace suyuan::bench
