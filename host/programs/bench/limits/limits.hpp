// What bounds the ensemble engine on this computer, each measured alone on one core.
#pragma once

#include "array/ensemble/block_plan.hpp"
#include "array/ensemble/kernels.hpp"

namespace settle {

/// Products per second of the ensemble's multiply-add (two 16-bit products and a sum of 32 bits per number of a vector)
/// on registers alone, CPU time, in the best instructions of this computer. `seconds`: how long it is measured.
double multiply_adds_per_second(double seconds);

/// Name of those instructions, as Kernels::name.
const char* multiply_add_instructions();

/// Noise samples per second of kernels.samples with the plan's table and sixteen chains' round keys, into rows that
/// stay in the first cache, CPU time.
double noise_samples_per_second(const ensemble::Kernels& kernels, const ensemble::BlockPlan& plan, double seconds);

/// Bytes per second read and written by a[i] = b[i] + s c[i] on arrays of 256 MiB together, wall clock: 24 bytes for
/// each i (what is read of `a` before it is written is not counted).
double memory_bytes_per_second(double seconds);

}  // namespace settle
