"""Benchmarks: each measures a piece of work beside a named peer doing the same, in processes of their own."""
