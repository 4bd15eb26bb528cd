"""The data set as a whole, described for catalogs and search engines: VoID, DCAT, schema.org."""

from __future__ import annotations

from lithiokg.metadata.description import DATASET, DESCRIPTION_GRAPH, describe_dataset, read_written
from lithiokg.metadata.distributions import Distribution, describe_distributions
from lithiokg.metadata.header import Header, read_header
from lithiokg.metadata.statistics import Statistics, count

__all__ = [
    "DATASET",
    "DESCRIPTION_GRAPH",
    "Distribution",
    "Header",
    "Statistics",
    "count",
    "describe_dataset",
    "describe_distributions",
    "read_header",
    "read_written",
]
