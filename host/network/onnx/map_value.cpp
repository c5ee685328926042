#include "network/onnx/map_value.hpp"

#include <algorithm>
#include <cmath>

namespace settle {
namespace {

Channels zero() { return Channels::Zero(1); }

bool all(const Channels& numbers, double value) { return (numbers == value).all(); }

}  // namespace

Channels sum_of(const Channels& a, const Channels& b) {
  if (a.size() == 1) return b + a(0);
  if (b.size() == 1) return a + b(0);
  return a + b;
}

Channels product_of(const Channels& a, const Channels& b) {
  if (a.size() == 1) return b * a(0);
  if (b.size() == 1) return a * b(0);
  return a * b;
}

Polynomial identity_polynomial() { return line(Channels::Ones(1), zero()); }

Polynomial sum_of(const Polynomial& a, const Polynomial& b) {
  Polynomial sum(std::max(a.size(), b.size()), zero());
  for (std::size_t i = 0; i < a.size(); ++i) sum[i] = sum_of(sum[i], a[i]);
  for (std::size_t i = 0; i < b.size(); ++i) sum[i] = sum_of(sum[i], b[i]);
  return sum;
}

Polynomial product_of(const Polynomial& a, const Polynomial& b) {
  Polynomial product(a.size() + b.size() - 1, zero());
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) product[i + j] = sum_of(product[i + j], product_of(a[i], b[j]));
  }
  while (product.size() > 2 && all(product.back(), 0)) product.pop_back();
  return product;
}

Polynomial line(const Channels& factor, const Channels& offset) { return {offset, factor}; }

Polynomial scaled(Polynomial p, const Channels& factor, const Channels& offset) {
  for (Channels& coefficient : p) coefficient = product_of(coefficient, factor);
  p[0] = sum_of(p[0], offset);
  return p;
}

bool near(const Polynomial& a, const Polynomial& b) {
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const Channels x = i < a.size() ? a[i] : zero(), y = i < b.size() ? b[i] : zero();
    const double most = std::max(x.abs().maxCoeff(), y.abs().maxCoeff());
    if (!(sum_of(x, Channels(-y)).abs().maxCoeff() <= 1e-5 * most)) return false;
  }
  return true;
}

bool is_line(const Polynomial& p) { return p.size() == 2; }

bool is_identity(const Polynomial& p) { return is_line(p) && all(p[0], 0) && all(p[1], 1); }

}  // namespace settle
