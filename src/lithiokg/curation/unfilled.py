"""Places of a scaffold that nobody has filled in yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from lithiokg.curation.documents import place_of
from lithiokg.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FILL_IN", "unfilled"]

#: With what ``lithiokg new`` marks a place to fill in; what belongs there follows in words.
FILL_IN = "FILL IN:"


def unfilled(node: yaml.nodes.Node, file: str) -> Iterator[SourceError]:
    """A problem for each value of a file that still says what belongs there.

    Args:
        node: the tree of the file.
        file: its name in messages.
    """
    if isinstance(node, yaml.ScalarNode):
        if node.value.startswith(FILL_IN):
            yield SourceError(
                f"not filled in yet: {node.value.removeprefix(FILL_IN).strip()}",
                place=place_of(file, node.start_mark),
                mend=f"write it in place of '{FILL_IN} ...', or delete the line where the source says nothing",
            )
    elif isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from unfilled(value, file)
    else:
        for value in node.value:
            yield from unfilled(value, file)
