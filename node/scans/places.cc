#include "node/scans/places.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "ledger/base/control.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "node/scans/countries.h"

namespace suyuan {
namespace {

struct City {
  std::string_view region;
  std::string_view name;  // the canonical spelling
  std::string_view en;
  double latitude;
  double longitude;
};

// Capitals of China's provinces, its larger ports, and some cities abroad. A city that is not
// listed has no point, and is compared by its name only.
constexpr std::array<City, 62> kCities = {{
    {"CN-BJ", "北京", "Beijing", 39.90, 116.40},
    {"CN-TJ", "天津", "Tianjin", 39.13, 117.20},
    {"CN-HE", "石家庄", "Shijiazhuang", 38.04, 114.51},
    {"CN-SX", "太原", "Taiyuan", 37.87, 112.55},
    {"CN-NM", "呼和浩特", "Hohhot", 40.84, 111.75},
    {"CN-LN", "沈阳", "Shenyang", 41.80, 123.43},
    {"CN-LN", "大连", "Dalian", 38.91, 121.61},
    {"CN-JL", "长春", "Changchun", 43.82, 125.32},
    {"CN-HL", "哈尔滨", "Harbin", 45.80, 126.53},
    {"CN-SH", "上海", "Shanghai", 31.23, 121.47},
    {"CN-JS", "南京", "Nanjing", 32.06, 118.80},
    {"CN-JS", "苏州", "Suzhou", 31.30, 120.58},
    {"CN-ZJ", "杭州", "Hangzhou", 30.27, 120.15},
    {"CN-ZJ", "宁波", "Ningbo", 29.87, 121.55},
    {"CN-AH", "合肥", "Hefei", 31.82, 117.23},
    {"CN-FJ", "福州", "Fuzhou", 26.08, 119.30},
    {"CN-FJ", "厦门", "Xiamen", 24.48, 118.09},
    {"CN-FJ", "泉州", "Quanzhou", 24.87, 118.68},
    {"CN-JX", "南昌", "Nanchang", 28.68, 115.86},
    {"CN-SD", "济南", "Jinan", 36.65, 117.00},
    {"CN-SD", "青岛", "Qingdao", 36.07, 120.38},
    {"CN-HA", "郑州", "Zhengzhou", 34.75, 113.63},
    {"CN-HB", "武汉", "Wuhan", 30.59, 114.31},
    {"CN-HN", "长沙", "Changsha", 28.23, 112.94},
    {"CN-GD", "广州", "Guangzhou", 23.13, 113.26},
    {"CN-GD", "深圳", "Shenzhen", 22.54, 114.06},
    {"CN-GX", "南宁", "Nanning", 22.82, 108.37},
    {"CN-HI", "海口", "Haikou", 20.04, 110.20},
    {"CN-CQ", "重庆", "Chongqing", 29.56, 106.55},
    {"CN-SC", "成都", "Chengdu", 30.57, 104.07},
    {"CN-GZ", "贵阳", "Guiyang", 26.65, 106.63},
    {"CN-YN", "昆明", "Kunming", 25.04, 102.71},
    {"CN-XZ", "拉萨", "Lhasa", 29.65, 91.12},
    {"CN-SN", "西安", "Xi'an", 34.34, 108.94},
    {"CN-GS", "兰州", "Lanzhou", 36.06, 103.83},
    {"CN-QH", "西宁", "Xining", 36.62, 101.78},
    {"CN-NX", "银川", "Yinchuan", 38.49, 106.23},
    {"CN-XJ", "乌鲁木齐", "Urumqi", 43.82, 87.62},
    {"CN-HK", "香港", "Hong Kong", 22.30, 114.17},
    {"CN-MO", "澳门", "Macao", 22.19, 113.54},
    {"CN-TW", "台北", "Taipei", 25.03, 121.57},
    {"JP-13", "东京", "Tokyo", 35.68, 139.69},
    {"KR-11", "首尔", "Seoul", 37.57, 126.98},
    {"SG", "新加坡", "Singapore", 1.29, 103.85},
    {"TH-10", "曼谷", "Bangkok", 13.76, 100.50},
    {"MY-14", "吉隆坡", "Kuala Lumpur", 3.14, 101.69},
    {"VN-SG", "胡志明市", "Ho Chi Minh City", 10.82, 106.63},
    {"IN-DL", "德里", "Delhi", 28.61, 77.21},
    {"AE-DU", "迪拜", "Dubai", 25.20, 55.27},
    {"NZ-AUK", "奥克兰", "Auckland", -36.85, 174.76},
    {"NZ-WGN", "惠灵顿", "Wellington", -41.29, 174.78},
    {"NZ-WKO", "哈密尔顿", "Hamilton", -37.79, 175.28},
    {"AU-NSW", "悉尼", "Sydney", -33.87, 151.21},
    {"AU-VIC", "墨尔本", "Melbourne", -37.81, 144.96},
    {"GB-LND", "伦敦", "London", 51.51, -0.13},
    {"FR-75C", "巴黎", "Paris", 48.86, 2.35},
    {"DE-BE", "柏林", "Berlin", 52.52, 13.41},
    {"NL-NH", "阿姆斯特丹", "Amsterdam", 52.37, 4.90},
    {"RU-MOW", "莫斯科", "Moscow", 55.76, 37.62},
    {"US-NY", "纽约", "New York", 40.71, -74.01},
    {"US-CA", "洛杉矶", "Los Angeles", 34.05, -118.24},
    {"CA-BC", "温哥华", "Vancouver", 49.28, -123.12},
}};

constexpr char kHidden = '#';  // in no city's name

constexpr double kNearKm = 60;  // from a half-degree cell's corner to its centre, with a margin
constexpr double kEarthKm = 6371;

ScanRequest::HalfDegrees half_degrees_of(const City& city) {
  return {.latitude = static_cast<int>(std::lround(city.latitude * 2)),
          .longitude = static_cast<int>(std::lround(city.longitude * 2))};
}

double km_between(double lat1, double lon1, double lat2, double lon2) {
  constexpr double kRadian = std::numbers::pi / 180;
  const double north = std::sin((lat2 - lat1) * kRadian / 2);
  const double east = std::sin((lon2 - lon1) * kRadian / 2);
  const double h =
      north * north + std::cos(lat1 * kRadian) * std::cos(lat2 * kRadian) * east * east;
  return 2 * kEarthKm * std::asin(std::min(1.0, std::sqrt(h)));
}

bool is_region(std::string_view text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() < 2 || !upper(text[0]) || !upper(text[1])) return false;
  if (text.size() == 2) return true;
  if (text[2] != '-' || text.size() < 4 || text.size() > 6) return false;
  return std::all_of(text.begin() + 3, text.end(), [&](char c) { return upper(c) || digit(c); });
}

size_t letters_in(std::string_view utf8) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(), begins));
}

// Names that end like those of quarters, streets and houses, or contain such parts.
bool is_finer_than_a_city(std::string_view city) {
  for (const std::string_view part : {"路", "街", "号", "弄", "巷", "村"}) {
    if (city.find(part) != std::string_view::npos) return true;
  }
  for (const std::string_view end : {"区", "镇", "乡"}) {
    if (city.ends_with(end) && !city.ends_with("地区") && !city.ends_with("自治区")) return true;
  }
  return false;
}

bool is_city_name(std::string_view city) {
  if (city.empty() || letters_in(city) > limits::kScanCityLettersMax || !is_clean_utf8(city) ||
      !control_fault(city).empty()) {
    return false;
  }
  for (const char c : city) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || byte >= 0x80;
    if (!letter && c != ' ' && c != '-' && c != '\'' && c != '.') return false;
  }
  return !is_finer_than_a_city(city);
}

bool equal_in_english(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

ScanPlace place_of(const City& city) {
  return {.name = std::string(city.region) + "/" + std::string(city.name),
          .near = half_degrees_of(city)};
}

Unexpected<Error> no_place(std::string_view text) {
  return fail(Code::INVALID_FIELD,
              quoted(text) +
                  " is not a place such as CN, CN-FJ or CN-FJ/福州: a country or subdivision of ISO "
                  "3166, then perhaps a city; nothing finer is accepted",
              "place");
}

Result<ScanPlace> place_by_name(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view region = text.substr(0, slash);
  if (!is_region(region)) return no_place(text);
  if (!is_country(region.substr(0, 2))) {
    return fail(Code::INVALID_FIELD,
                quoted(region.substr(0, 2)) + " is not a country of ISO 3166-1, such as CN or NZ",
                "place");
  }
  if (slash == std::string_view::npos) return ScanPlace{.name = std::string(text)};
  std::string_view city = text.substr(slash + 1);
  if (!is_city_name(city)) return no_place(text);
  const std::string_view bare = city.ends_with("市") ? city.substr(0, city.size() - 3) : city;
  for (const City& known : kCities) {
    const bool here = known.region == region || known.region.substr(0, 2) == region;
    if (here && (known.name == city || known.name == bare || equal_in_english(known.en, city)))
      return place_of(known);
  }
  return ScanPlace{.name = std::string(text)};
}

std::string half_text(int halves) {
  const std::string sign = halves < 0 ? "-" : "";
  const int size = std::abs(halves);
  return sign + std::to_string(size / 2) + (size % 2 == 0 ? ".0" : ".5");
}

ScanPlace place_by_degrees(const ScanRequest::HalfDegrees& near) {
  const City* nearest = nullptr;
  double nearest_km = kNearKm;
  for (const City& city : kCities) {
    const double km =
        km_between(city.latitude, city.longitude, near.latitude / 2.0, near.longitude / 2.0);
    if (km > nearest_km) continue;
    nearest = &city;
    nearest_km = km;
  }
  if (nearest != nullptr) return place_of(*nearest);
  return {.name = half_text(near.latitude) + "," + half_text(near.longitude), .near = near};
}

}  // namespace

Result<ScanPlace> scan_place(const ScanRequest& request) {
  if (request.near) return place_by_degrees(*request.near);
  if (request.place.empty()) return ScanPlace{};
  return place_by_name(request.place);
}

std::string unknown_city_of(const ScanPlace& place) {
  const size_t slash = place.name.find('/');
  if (place.near || slash == std::string::npos || place.name[slash + 1] == kHidden) return {};
  return place.name;
}

void hide_city(ScanPlace& place, BytesView hash) {
  place.name.resize(place.name.find('/') + 1);
  place.name += kHidden + to_hex(hash);
}

std::string place_in_english(std::string_view name) {
  const size_t slash = name.find('/');
  if (slash == std::string_view::npos) return {};
  for (const City& known : kCities) {
    if (known.region == name.substr(0, slash) && known.name == name.substr(slash + 1))
      return std::string(known.region) + "/" + std::string(known.en);
  }
  return {};
}

double distance_km(const ScanRequest::HalfDegrees& a, const ScanRequest::HalfDegrees& b) {
  return km_between(a.latitude / 2.0, a.longitude / 2.0, b.latitude / 2.0, b.longitude / 2.0);
}

}  // namespace suyuan
