"""Medians of wall times, as gpu_bench.cc takes them."""

import statistics
import time


def median_ms(rounds, work):
    times = []
    for round in range(rounds + 2):
        start = time.perf_counter()
        work()
        if round >= 2:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
