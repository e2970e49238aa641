#include "infer/condensed_mixture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace titrate {

namespace {

constexpr std::size_t nodes = 8;
constexpr double width = 0.5;        // of a bin, in sd at its lower end
constexpr double smooth = 1e-9;      // relative: how well the nodes of a bin give the sd at its ends
constexpr double worth_while = 0.5;  // nodes per draw, at most
constexpr std::size_t cells = 512;   // in which a draw's bin is looked up

using OfNodes = std::array<double, nodes>;

// T_k(x), k < n.
OfNodes chebyshev(double x) {
  OfNodes T{1.0, x};
  for (std::size_t k = 2; k < nodes; ++k) T[k] = 2.0 * x * T[k - 1] - T[k - 2];
  return T;
}

struct Node {
  double at;
  OfNodes T;
};

const std::array<Node, nodes>& all_nodes() {
  static const std::array<Node, nodes> all = [] {
    std::array<Node, nodes> made{};
    for (std::size_t j = 0; j < nodes; ++j) {
      const double at = -std::cos(M_PI * (static_cast<double>(j) + 0.5) / static_cast<double>(nodes));
      made[j] = {at, chebyshev(at)};
    }
    return made;
  }();
  return all;
}

// From sums M_k over values, l_j summed over the same.
double of_node(const Node& node, const OfNodes& M) {
  double sum = 0.5 * M[0];
  for (std::size_t k = 1; k < nodes; ++k) sum += node.T[k] * M[k];
  return 2.0 / static_cast<double>(nodes) * sum;
}

class Bins {
 public:
  Bins(double low, double high, const std::function<std::optional<double>(double)>& sd_at) : low_(low), sd_at_(sd_at) {
    edges_.push_back(low);
    do {
      const auto sd = sd_at(edges_.back());
      if (!sd || !(*sd > 0.0) || !std::isfinite(*sd)) return;
      sd_.push_back(*sd);
      edges_.push_back(edges_.back() + width * *sd);
    } while (edges_.back() <= high && edges_.size() < cells);
    if (edges_.back() <= high) return;
    const auto last = sd_at(edges_.back());
    if (!last) return;
    sd_.push_back(*last);
    moments_.assign(edges_.size() - 1, OfNodes{});
    held_.assign(moments_.size(), 0);
    scale_ = static_cast<double>(cells) / (edges_.back() - low);
    std::size_t bin = 0;
    for (std::size_t cell = 0; cell < cells; ++cell) {
      while (edges_[bin + 1] <= low + static_cast<double>(cell) / scale_) ++bin;
      first_[cell] = bin;
    }
    usable_ = true;
  }

  [[nodiscard]] bool usable() const { return usable_; }

  void add(double f, double w) {
    std::size_t bin = first_[std::min(static_cast<std::size_t>((f - low_) * scale_), cells - 1)];
    while (bin + 1 < moments_.size() && f >= edges_[bin + 1]) ++bin;
    while (bin > 0 && f < edges_[bin]) --bin;
    held_[bin] = 1;
    OfNodes& M = moments_[bin];
    const double t = place(f, bin);
    double before = w, now = w * t;
    M[0] += before;
    M[1] += now;
    for (std::size_t k = 2; k < nodes; ++k) {
      const double next = 2.0 * t * now - before;
      M[k] += next;
      before = now;
      now = next;
    }
  }

  [[nodiscard]] std::size_t held() const { return static_cast<std::size_t>(std::count(held_.begin(), held_.end(), 1)); }

  [[nodiscard]] std::optional<Mixture> mixture() const {
    const auto size = static_cast<Eigen::Index>(held() * nodes);
    Mixture m{Vector(size), Vector(size), Vector(size)};
    Eigen::Index next = 0;
    for (std::size_t bin = 0; bin < moments_.size(); ++bin) {
      if (held_[bin] == 0) continue;
      const Eigen::Index first = next;
      for (const Node& node : all_nodes()) {
        const double f = edges_[bin] + 0.5 * (1.0 + node.at) * (edges_[bin + 1] - edges_[bin]);
        const auto sd = sd_at_(f);
        if (!sd || !(*sd > 0.0)) return std::nullopt;
        m.f[next] = f;
        m.sd[next] = *sd;
        m.weights[next] = of_node(node, moments_[bin]);
        ++next;
      }
      if (!is_smooth(m.sd.data() + first, bin)) return std::nullopt;
    }
    return m;
  }

 private:
  [[nodiscard]] double place(double f, std::size_t bin) const {
    return 2.0 * (f - edges_[bin]) / (edges_[bin + 1] - edges_[bin]) - 1.0;
  }

  // Whether the polynomial through the sd of a bin's nodes meets it at both ends: it misses a kink inside.
  [[nodiscard]] bool is_smooth(const double* sd, std::size_t bin) const {
    for (const std::size_t end : {std::size_t{0}, std::size_t{1}}) {
      const OfNodes T = chebyshev(end == 0 ? -1.0 : 1.0);
      double met = 0.0;
      for (std::size_t j = 0; j < nodes; ++j) met += sd[j] * of_node(all_nodes()[j], T);
      if (!(std::abs(met - sd_[bin + end]) <= smooth * sd_[bin + end])) return false;
    }
    return true;
  }

  double low_, scale_ = 0.0;
  const std::function<std::optional<double>(double)>& sd_at_;
  std::vector<double> edges_, sd_;  // sd at the edges
  std::vector<OfNodes> moments_;
  std::vector<char> held_;  // bins that hold a draw
  std::array<std::size_t, cells> first_{};
  bool usable_ = false;
};

}  // namespace

std::optional<Mixture> condensed(const Vector& f, const Vector& weights,
                                 const std::function<std::optional<double>(double)>& sd_at) {
  if (static_cast<double>(f.size()) * worth_while < static_cast<double>(nodes) || !f.allFinite()) return std::nullopt;
  Bins bins(f.minCoeff(), f.maxCoeff(), sd_at);
  if (!bins.usable()) return std::nullopt;
  for (Eigen::Index s = 0; s < f.size(); ++s)
    if (weights[s] > 0.0) bins.add(f[s], weights[s]);
  if (static_cast<double>(bins.held() * nodes) > worth_while * static_cast<double>(f.size())) return std::nullopt;
  return bins.mixture();
}

}  // namespace titrate
