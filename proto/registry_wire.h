// The registry's values on the wire, in signed payloads and in answers. Internal to proto: includes
// capnp.
#pragma once

#include "ledger/registry/registry_event.h"
#include "proto/reading.h"
#include "proto/registry.capnp.h"

namespace suyuan {

void read(Reading& in, wire::PartyData::Reader from, PartyData& to);
void read(Reading& in, wire::ProductData::Reader from, ProductData& to);
void read(Reading& in, wire::SiteData::Reader from, SiteData& to);
void write(const PartyData& party, wire::PartyData::Builder to);
void write(const ProductData& product, wire::ProductData::Builder to);
void write(const SiteData& site, wire::SiteData::Builder to);

}  // namespace suyuan
