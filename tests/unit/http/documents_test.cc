// Which files of a statement are open to everybody.
#include "node/http/documents.h"

#include <gtest/gtest.h>

namespace suyuan::http {
namespace {

TraceEvent of_kind(Kind kind) {
  TraceEvent event;
  event.kind = kind;
  return event;
}

TEST(Documents, WhatAThirdPartyOrAnAuthorityFoundIsOpen) {
  const Document report{.number = "TAL-26-0611", .type = "lab_report"};
  EXPECT_TRUE(is_public_document(of_kind(Kind::inspection), report));
}

TEST(Documents, TheTradesOwnPapersAreNot) {
  const Document paper{.number = "PALTRG26062201", .type = "bill_of_lading"};
  for (const Kind kind : {Kind::origin, Kind::supply, Kind::logistics, Kind::transaction})
    EXPECT_FALSE(is_public_document(of_kind(kind), paper));
}

TEST(Documents, ThePictureOfAProductIs) {
  const Document picture{.number = "front", .type = "product_picture"};
  EXPECT_TRUE(is_public_document(of_kind(Kind::supply), picture));
}

}  // namespace
}  // namespace suyuan::http
