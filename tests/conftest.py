"""What all tests share: how Hypothesis looks for counterexamples."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "convviz",
    deadline=None,
    derandomize="SOAK" not in os.environ,  # `make test` draws the same cases every time, `make soak` new ones
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("convviz")
