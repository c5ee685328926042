// What a run says to its user: what is unusual about it beforehand, the table and what belongs to it afterwards.
// All of it goes to standard output.
#pragma once

#include "study/run/rates.hpp"
#include "study/run/results.hpp"
#include "study/run/settled.hpp"
#include "study/run/study.hpp"

namespace settle {

/// A line for each thing about the machine or the run that its results are to be read with.
void print_notes(const Study& study);

/// How long the whole run will take, if that is long: a line with its samples, steps and clock cycles.
void print_expectation(const Study& study, const Rates& rates, double seconds);

/// The table, the reasons for what is empty in it, the engine's speed, the energy table if it is asked for, and where
/// the report is.
void print_summary(const Study& study, const Settled& settled, const Results& results);

}  // namespace settle
