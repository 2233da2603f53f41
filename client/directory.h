// Names for people: of parties, products and sites, from the registry; and codes in short.
#pragma once

#include <map>
#include <string>

#include "client/connection.h"
#include "client/text/text.h"

namespace suyuan {

class Directory {
 public:
  // The whole registry, page by page. What a node answers instead; entries beyond kEntriesMax are
  // shown by their ids.
  static Result<Directory> fetch(Connection& connection);

  void add(const PartyData& party) { parties_[party.id] = party; }
  void add(const ProductData& product) { products_[product.gtin] = product; }
  void add(const SiteData& site) { sites_[site.gln] = site; }

  // Each gives what it was given where it knows no name. Names are fit for a terminal.
  std::string party(std::string_view id, Lang lang) const;  // or a party's URN, or "consumer"
  std::string place(std::string_view code, Lang lang) const;
  std::string product(std::string_view gtin14, Lang lang) const;

  // "lot L2606A", "SSCC 395211040000010013": what stands on the label.
  static std::string short_code(std::string_view code, Lang lang);
  // The product's name for a lot, unit or class, else empty.
  std::string product_of(std::string_view code, Lang lang) const;

 private:
  static constexpr size_t kEntriesMax = 100'000;
  std::map<std::string, PartyData, std::less<>> parties_;
  std::map<std::string, ProductData, std::less<>> products_;
  std::map<std::string, SiteData, std::less<>> sites_;
};

}  // namespace suyuan
