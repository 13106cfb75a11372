"""Metrics of a door for Prometheus, on a loopback port of their own: no door serves them to the public."""

import time

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


def expose(app: Flask, port: int) -> CollectorRegistry:
    """Counts and times the app's requests by endpoint, and serves the figures at 127.0.0.1:`port`/metrics."""
    registry = CollectorRegistry()
    answered = Counter("homeward_requests", "Requests answered", ("endpoint", "method", "status"), registry=registry)
    seconds = Histogram(
        "homeward_request_seconds", "Time to answer", ("endpoint",), registry=registry, buckets=_BUCKETS
    )

    def begin() -> None:
        g.begun = time.perf_counter()

    def count(response: Response) -> Response:
        endpoint = request.endpoint or "unknown"
        answered.labels(endpoint, request.method, str(response.status_code)).inc()
        if "begun" in g:
            seconds.labels(endpoint).observe(time.perf_counter() - g.begun)
        return response

    app.extensions["answered"] = answered  # who answers without the app counts for himself
    app.before_request_funcs.setdefault(None, []).insert(0, begin)
    app.after_request(count)
    start_http_server(port, addr="127.0.0.1", registry=registry)
    return registry
