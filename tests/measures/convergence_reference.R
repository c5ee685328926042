# Prints the values of R's packages in convergence_reference_test.cpp: Rscript tests/measures/convergence_reference.R
# The series are those of reference_series.hpp, whose products and sums are exact or rounded alike in every language.
ar1 <- function(phi, draws, seed) {
  state <- seed
  x <- 0
  series <- numeric(draws)
  for (i in seq_len(draws + 1000)) {
    state <- (48271 * state) %% 2147483647
    x <- phi * x + (state / 2147483647 - 0.5)
    if (i > 1000) series[i - 1000] <- x
  }
  series
}

cat("posterior", format(packageVersion("posterior")), "coda", format(packageVersion("coda")), "\n")
for (phi in c(-0.3, 0, 0.5, 0.9, 0.98)) {
  series <- ar1(phi, 20000, 7)
  cat(sprintf("phi %.2f: last %.17g, ess_basic %.17g, effectiveSize %.17g, rhat_basic %.17g\n", phi, series[20000],
              posterior::ess_basic(series, split = FALSE), coda::effectiveSize(series),
              posterior::rhat_basic(series, split = TRUE)))
}
chains <- sapply(11:14, function(seed) ar1(0.9, 1001, seed))
shifted <- chains + matrix(rep(c(0, 0, 0, 1), each = 1001), 1001)
drifting <- chains + (0:1000) / 1000
for (name in c("chains", "shifted", "drifting")) {
  cat(sprintf("%s: rhat_basic %.17g\n", name, posterior::rhat_basic(get(name), split = TRUE)))
}
