# What floating-point results rest on, for every build of ours. base/arithmetic.hpp has the whole of it.
# A product and a sum are two roundings on every processor.
add_compile_options(-ffp-contract=off)
# Eigen cuts large products into blocks that suit the caches of the machine that it runs on, and sums block by block:
# the last digits of the network's activations followed the machine. Here all machines have these caches (bytes; those
# of the machines on which tests/pinned/results were made).
add_compile_definitions(EIGEN_NO_CPUID EIGEN_DEFAULT_L1_CACHE_SIZE=49152 EIGEN_DEFAULT_L2_CACHE_SIZE=2097152
                        EIGEN_DEFAULT_L3_CACHE_SIZE=33554432)
