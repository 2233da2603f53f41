// Which media type a client is given.
#include "node/http/accept.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace suyuan::http {
namespace {

constexpr std::array<std::string_view, 3> kOffers = {"text/html", "application/json",
                                                     "application/linkset+json"};

std::string best(std::string_view accept) {
  const auto offer = best_offer(accept, kOffers);
  return offer ? std::string(kOffers[*offer]) : "none";
}

TEST(Accept, AnEncodingIsNamedAndNotRefused) {
  EXPECT_TRUE(accepts_encoding("deflate, GZip ; q=0.001", "gzip"));
  EXPECT_FALSE(accepts_encoding("gzip;q=0, br", "gzip"));
  EXPECT_FALSE(accepts_encoding("*", "gzip"));
  EXPECT_FALSE(accepts_encoding("", "gzip"));
}

TEST(Accept, AnythingIsTheFirstOffer) {
  EXPECT_EQ(best(""), "text/html");
  EXPECT_EQ(best("*/*"), "text/html");
  EXPECT_EQ(best("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "text/html");
}

TEST(Accept, TheHighestQualityWinsAndTheEarlierOfferAmongEquals) {
  EXPECT_EQ(best("application/json"), "application/json");
  EXPECT_EQ(best("text/html;q=0.5, application/json;q=0.9"), "application/json");
  EXPECT_EQ(best("application/json, text/html"), "text/html");
  EXPECT_EQ(best("application/*"), "application/json");
  EXPECT_EQ(best("application/*;q=0.8, application/linkset+json"), "application/linkset+json");
  EXPECT_EQ(best("APPLICATION/JSON ; charset=utf-8 ; Q=0.3"), "application/json");
}

TEST(Accept, TheMostSpecificRangeOfATypeCounts) {
  EXPECT_EQ(best("*/*, text/html;q=0"), "application/json");
  EXPECT_EQ(best("text/*;q=0.1, */*;q=0.5, text/html;q=0.4"), "application/json");
  EXPECT_EQ(best("application/json;q=0, application/*;q=0.7, text/html;q=0.2"),
            "application/linkset+json");
}

TEST(Accept, WhatCannotBeReadAsksForNothing) {
  EXPECT_EQ(best("image/png"), "none");
  EXPECT_EQ(best("text/html;q=0"), "none");
  EXPECT_EQ(best("text/html;q=0.000, application/json;q=1.5"), "none");
  EXPECT_EQ(best("text/html;q=x"), "none");
  EXPECT_EQ(best("text/html;q="), "none");
  EXPECT_EQ(best(",;,;;q,/,*"), "none");
  EXPECT_EQ(best("text/"), "none");
}

TEST(Accept, ATypeIsNamedByItselfOrNotAtAll) {
  EXPECT_TRUE(names_type("text/html;q=0.5, application/json", "application/json"));
  EXPECT_FALSE(names_type("*/*", "application/json"));
  EXPECT_FALSE(names_type("application/json;q=0", "application/json"));
  EXPECT_FALSE(names_type("", "application/json"));
}

}  // namespace
}  // namespace suyuan::http
