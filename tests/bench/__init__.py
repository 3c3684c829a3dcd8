"""The benchmarks, each beside its peers: `make bench`."""
