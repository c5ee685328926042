"""Prints the values of emcee in convergence_reference_test.cpp: python3 tests/measures/convergence_reference.py

The series are those of reference_series.hpp, whose products and sums are exact or rounded alike in every language.
"""
import emcee
import numpy


def ar1(phi, draws, seed):
    state, x, series = seed, 0.0, []
    for _ in range(draws + 1000):
        state = 48271 * state % 2147483647
        x = phi * x + (state / 2147483647 - 0.5)
        series.append(x)
    return numpy.array(series[1000:])


print("emcee", emcee.__version__)
for phi in (-0.3, 0.0, 0.5, 0.9, 0.98):
    series = ar1(phi, 20000, 7)
    tau = emcee.autocorr.integrated_time(series, c=5, quiet=True)[0]
    print(f"phi {phi:.2f}: last {series[-1]:.17g}, integrated_time {tau:.17g}")
