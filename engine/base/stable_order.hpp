// Sorting that keeps the order of equals, with one copy of the algorithm for all that is sorted: places are sorted, not elements.
// A copy for each type would be a fiftieth of the page's engine; none of these sorts takes any time.

#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <utility>
#include <vector>

namespace titrate {

// The places 0 to n - 1 in the order of `before`.
[[nodiscard]] std::vector<std::size_t> stable_order(std::size_t n, const std::function<bool(std::size_t, std::size_t)>& before);

template <class Iterator, class Before>
void sort_stably(Iterator first, Iterator last, const Before& before) {
  const auto at = [first](std::size_t i) { return first + static_cast<std::ptrdiff_t>(i); };
  const auto n = static_cast<std::size_t>(last - first);
  std::vector<typename std::iterator_traits<Iterator>::value_type> sorted;
  sorted.reserve(n);
  for (const std::size_t i : stable_order(n, [&](std::size_t a, std::size_t b) { return before(*at(a), *at(b)); }))
    sorted.push_back(std::move(*at(i)));
  std::move(sorted.begin(), sorted.end(), first);
}

}  // namespace titrate
