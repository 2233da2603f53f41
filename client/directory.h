// Names for people, from the registry: parties, products and sites; and short forms of codes.
#pragma once

#include <map>
#include <string>

#include "client/connection.h"
#include "client/text/text.h"

namespace suyuan {

class Directory {
 public:
  // Fetches the whole registry, page by page. Entries beyond kEntriesMax are shown by their ids.
  // Errors: those of the node.
  static Result<Directory> fetch(Connection& connection);

  void add(const PartyData& party) { parties_[party.id] = party; }
  void add(const ProductData& product) { products_[product.gtin] = product; }
  void add(const SiteData& site) { sites_[site.gln] = site; }

  // Each function returns its argument if it knows no name. Names are safe to print on a terminal.
  std::string party(std::string_view id, Lang lang) const;  // also a party's URN, or "consumer"
  std::string place(std::string_view code, Lang lang) const;
  std::string product(std::string_view gtin14, Lang lang) const;

  // Returns what is printed on the label: "lot L2606A", "SSCC 395211040000010013".
  static std::string short_code(std::string_view code, Lang lang);
  // Returns the product's name for a lot, unit or class; empty if unknown.
  std::string product_of(std::string_view code, Lang lang) const;

 private:
  static constexpr size_t kEntriesMax = 100'000;
  std::map<std::string, PartyData, std::less<>> parties_;
  std::map<std::string, ProductData, std::less<>> products_;
  std::map<std::string, SiteData, std::less<>> sites_;
};

}  // namespace suyuan
